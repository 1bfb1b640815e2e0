/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.attribution.container.KubeletOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --kubelet.…}: where names of pods come from. */
final class KubeletFlags {
    private static final Logger LOG = LoggerFactory.getLogger(KubeletFlags.class);
    private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");
    private static final int PORT = 10250;
    private static final String OFF = "off";

    @Option(
            names = "--kubelet.url",
            paramLabel = "URL",
            description =
                    "The kubelet that names pods and containers, https://HOST:10250, or off (default: in Kubernetes the"
                            + " one at NODE_IP or NODE_NAME of the environment, elsewhere off).")
    private Optional<String> url;

    @Option(
            names = "--kubelet.token-file",
            paramLabel = "FILE",
            description = "Its bearer token (default: the service account's).")
    private Optional<Path> token;

    @Option(
            names = "--kubelet.ca-file",
            paramLabel = "FILE",
            description = "The certificates that sign the kubelet's, PEM (default: the service account's).")
    private Optional<Path> authorities;

    @Option(
            names = "--kubelet.insecure-skip-verify",
            description = "Accept any certificate of the kubelet, as one needs that it has signed itself.")
    private boolean unverified;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** Empty where no kubelet is to be asked. */
    Optional<KubeletOptions> options(Map<String, String> environment) {
        existing("--kubelet.token-file", token);
        existing("--kubelet.ca-file", authorities);
        Optional<String> chosen = url.or(() -> ofNode(environment)).filter(value -> !value.equals(OFF));
        return chosen.map(value -> new KubeletOptions(
                parse(value),
                token.orElse(ACCOUNT.resolve("token")),
                authorities.orElse(ACCOUNT.resolve("ca.crt")),
                !unverified));
    }

    private static Optional<String> ofNode(Map<String, String> environment) {
        if (!environment.containsKey("KUBERNETES_SERVICE_HOST")) {
            return Optional.empty();
        }
        Optional<String> node = Optional.ofNullable(environment.get("NODE_IP"))
                .or(() -> Optional.ofNullable(environment.get("NODE_NAME")))
                .filter(name -> !name.isBlank());
        if (node.isEmpty()) {
            LOG.warn(
                    "names of pods are not looked up: set NODE_IP from the pod's status.hostIP, or give --kubelet.url");
        }
        return node.map(host -> "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + PORT);
    }

    private URI parse(String value) {
        try {
            URI uri = new URI(value);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            if (web && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException wrong) {
            /* Refused below, in the same words. */
        }
        throw new ParameterException(
                command.commandLine(),
                "Invalid value for option '--kubelet.url': '" + value + "' is not https://HOST:PORT, nor off");
    }

    private void existing(String option, Optional<Path> file) {
        if (file.isPresent() && !Files.isReadable(file.get())) {
            throw new ParameterException(
                    command.commandLine(), "there is no readable file " + file.get() + ", given by " + option);
        }
    }
}
