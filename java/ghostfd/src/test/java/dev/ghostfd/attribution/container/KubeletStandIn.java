/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.container;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Answers /pods over TLS as a kubelet does: to a token that it knows, with a certificate made for the occasion. */
public final class KubeletStandIn implements AutoCloseable {
    private static final String PASSWORD = "changeit";
    private static final String ALIAS = "kubelet";

    /** Made once for each address: keytool starts a JVM. */
    private static final Map<String, byte[]> STORES = new ConcurrentHashMap<>();

    private final Path folder;
    private final AtomicInteger requests = new AtomicInteger();
    private final List<String> pods = new ArrayList<>();
    private final String host;
    private HttpsServer server;
    private volatile String token = "first-token";
    private volatile int refusal;
    private volatile String garbage = "";

    /** Listens on a free port of the loopback interface, with a certificate for that address. */
    public KubeletStandIn(Path folder) {
        this(folder, "127.0.0.1");
    }

    /** The certificate is for another address than the one it listens on. */
    KubeletStandIn(Path folder, String host) {
        this.folder = folder;
        this.host = host;
        renewToken(token);
        server = listen(0);
    }

    public URI url() {
        return URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The file that a service account would have mounted. */
    public Path tokenFile() {
        return folder.resolve("token");
    }

    /** The file that signs its certificate. */
    public Path authorities() {
        return folder.resolve("ca.crt");
    }

    KubeletOptions options() {
        return new KubeletOptions(url(), tokenFile(), authorities(), true);
    }

    int requests() {
        return requests.get();
    }

    /** Adds a running pod of one container. */
    public void run(String namespace, String pod, String uid, String container, String containerId) {
        synchronized (pods) {
            pods.add("""
                {"metadata":{"name":"%s","namespace":"%s","uid":"%s"},
                 "spec":{"containers":[{"name":"%s"}]},
                 "status":{"phase":"Running","containerStatuses":[{"name":"%s","containerID":"%s"}]}}
                """.formatted(pod, namespace, uid, container, container, containerId));
        }
    }

    void deleteAll() {
        synchronized (pods) {
            pods.clear();
        }
    }

    /** From now on accepts only this token, which stands in the file. */
    void renewToken(String next) {
        try {
            Files.writeString(tokenFile(), next + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        token = next;
    }

    /** A new certificate, and the file with it. */
    void renewCertificate() {
        int port = server.getAddress().getPort();
        server.stop(0);
        STORES.remove(host);
        server = listen(port);
    }

    /** Answers with this status from now on; 0 to serve again. */
    void refuse(int status) {
        refusal = status;
    }

    /** Answers with this instead of a list of pods; empty to serve again. */
    void babble(String answer) {
        garbage = answer;
    }

    private HttpsServer listen(int port) {
        try {
            HttpsServer made = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            made.setHttpsConfigurator(new HttpsConfigurator(certificate()));
            made.createContext("/pods", this::answer);
            made.start();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        String list;
        synchronized (pods) {
            list = "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":[" + String.join(",", pods)
                    + "]}";
        }
        boolean known = ("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        int status = refusal != 0 ? refusal : known ? 200 : 401;
        byte[] body = (garbage.isEmpty() ? list : garbage).getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** A key pair whose certificate signs itself: it is its own authority. */
    private SSLContext certificate() {
        try {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(new ByteArrayInputStream(STORES.computeIfAbsent(host, this::keyPair)), PASSWORD.toCharArray());
            Files.writeString(
                    authorities(),
                    "-----BEGIN CERTIFICATE-----\n"
                            + Base64.getMimeEncoder()
                                    .encodeToString(keys.getCertificate(ALIAS).getEncoded())
                            + "\n-----END CERTIFICATE-----\n");
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(keys, PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(factory.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] keyPair(String address) {
        try {
            Path store = folder.resolve("kubelet.p12");
            Files.deleteIfExists(store);
            keytool(
                    "-genkeypair",
                    "-alias",
                    ALIAS,
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=kubelet",
                    "-ext",
                    "san=ip:" + address);
            return Files.readAllBytes(store);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void keytool(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/keytool"));
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-keystore", folder.resolve("kubelet.p12").toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException("keytool: " + Files.readString(folder.resolve("keytool.log")));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
