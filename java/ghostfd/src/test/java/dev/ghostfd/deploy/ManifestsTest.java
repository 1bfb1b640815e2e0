/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Every manifest is what a strict API server would accept, and what belongs together in them agrees. */
class ManifestsTest {
    private static final Path ROOT = Path.of(System.getProperty("ghostfd.root"));
    private static final Path FOLDER = ROOT.resolve("deploy/kubernetes");
    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "v1/Namespace", Namespace.class,
            "v1/ServiceAccount", ServiceAccount.class,
            "apps/v1/DaemonSet", DaemonSet.class,
            "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class,
            "rbac.authorization.k8s.io/v1/ClusterRole", ClusterRole.class,
            "rbac.authorization.k8s.io/v1/ClusterRoleBinding", ClusterRoleBinding.class,
            "monitoring.coreos.com/v1/PodMonitor", PodMonitor.class);

    /** The model keeps unknown fields aside; here they are to be refused. */
    private static final ObjectMapper STRICT = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return false;
                }
            });

    static Stream<Path> manifests() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files
                    .filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .filter(file -> !file.endsWith("kustomization.yaml"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void parsesWithoutUnknownFields(Path file) throws IOException {
        assertThat(parse(Files.readString(file)))
                .isNotEmpty()
                .allSatisfy(object -> assertThat(object.getMetadata().getName()).isEqualTo("ghostfd"));
    }

    @Test
    void aMisspeltFieldIsRefused() throws IOException {
        String misspelt = Files.readString(FOLDER.resolve("daemonset.yaml")).replace("hostPID:", "hostPid:");

        assertThatThrownBy(() -> parse(misspelt)).hasMessageContaining("hostPid");
    }

    @Test
    @SuppressWarnings("unchecked")
    void kustomizationsNameEveryFileBesideThem() throws IOException {
        for (Path folder : List.of(FOLDER, FOLDER.resolve("prometheus-operator"))) {
            Map<String, Object> kustomization =
                    (Map<String, Object>) documents(Files.readString(folder.resolve("kustomization.yaml")))
                            .getFirst();
            List<String> beside;
            try (Stream<Path> files = Files.list(folder)) {
                beside = files.filter(Files::isRegularFile)
                        .map(file -> file.getFileName().toString())
                        .filter(name -> !name.equals("kustomization.yaml"))
                        .toList();
            }
            List<String> named = new ArrayList<>((List<String>) kustomization.get("resources"));
            named.remove("..");
            assertThat(named).containsExactlyInAnyOrderElementsOf(beside);
        }
    }

    @Test
    void theDaemonHasTheDocumentedCapabilitiesAndNoMore() throws IOException {
        Capabilities capabilities = container().getSecurityContext().getCapabilities();

        assertThat(capabilities.getDrop()).containsExactly("ALL");
        assertThat(capabilities.getAdd())
                .containsExactlyInAnyOrder("BPF", "PERFMON", "SYS_PTRACE", "DAC_READ_SEARCH", "CHECKPOINT_RESTORE");
        String documented = Files.readString(ROOT.resolve("docs/security.md"));
        assertThat(capabilities.getAdd())
                .allSatisfy(name -> assertThat(documented).contains("`CAP_" + name + "`"));
        String unit = Files.readString(ROOT.resolve("deploy/systemd/ghostfd.service"));
        String bounding =
                capabilities.getAdd().stream().map(name -> " CAP_" + name).reduce("", String::concat);
        // The one more is given up where the kernel allows it.
        assertThat(unit).contains("CapabilityBoundingSet=" + bounding.strip() + " CAP_SYS_ADMIN\n");
    }

    @Test
    void itWritesNothingAndSeesTheHost() throws IOException {
        assertThat(container().getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container().getSecurityContext().getAllowPrivilegeEscalation())
                .isFalse();
        assertThat(daemonSet().getSpec().getTemplate().getSpec().getHostPID()).isTrue();
        assertThat(container().getVolumeMounts())
                .filteredOn(mount -> !mount.getMountPath().equals("/tmp"))
                .isNotEmpty()
                .extracting(VolumeMount::getReadOnly)
                .containsOnly(true);
    }

    @Test
    void probesAndPolicyAndMonitorNameThePortTheDaemonListensOn() throws IOException {
        assertThat(container().getPorts())
                .singleElement()
                .satisfies(port -> assertThat(port.getContainerPort()).isEqualTo(10024));
        String name = container().getPorts().getFirst().getName();
        assertThat(Stream.of(
                                container().getStartupProbe(),
                                container().getLivenessProbe(),
                                container().getReadinessProbe())
                        .map(Probe::getHttpGet))
                .extracting(get -> get.getPort().getStrVal())
                .containsOnly(name);
        NetworkPolicy policy = only(NetworkPolicy.class, "networkpolicy.yaml");
        assertThat(policy.getSpec().getIngress().getFirst().getPorts())
                .extracting(port -> port.getPort().getStrVal())
                .containsExactly(name);
        PodMonitor monitor = only(PodMonitor.class, "prometheus-operator/podmonitor.yml");
        assertThat(monitor.getSpec().getPodMetricsEndpoints())
                .extracting(endpoint -> endpoint.getPort())
                .containsExactly(name);
    }

    @Test
    void selectorsMeetThePods() throws IOException {
        Map<String, String> labels =
                daemonSet().getSpec().getTemplate().getMetadata().getLabels();

        assertThat(labels)
                .containsAllEntriesOf(daemonSet().getSpec().getSelector().getMatchLabels());
        assertThat(labels)
                .containsAllEntriesOf(only(NetworkPolicy.class, "networkpolicy.yaml")
                        .getSpec()
                        .getPodSelector()
                        .getMatchLabels());
        assertThat(labels)
                .containsAllEntriesOf(only(PodMonitor.class, "prometheus-operator/podmonitor.yml")
                        .getSpec()
                        .getSelector()
                        .getMatchLabels());
    }

    @Test
    void optionsOfTheDaemonExist() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        Pattern name = Pattern.compile("--[a-z.-]+");

        assertThat(container().getArgs())
                .filteredOn(argument -> argument.startsWith("--"))
                .isNotEmpty()
                .allSatisfy(argument -> assertThat(readme)
                        .contains(name.matcher(argument)
                                .results()
                                .findFirst()
                                .orElseThrow()
                                .group()));
    }

    private static DaemonSet daemonSet() throws IOException {
        return only(DaemonSet.class, "daemonset.yaml");
    }

    private static Container container() throws IOException {
        return daemonSet().getSpec().getTemplate().getSpec().getContainers().getFirst();
    }

    private static <T> T only(Class<T> type, String file) throws IOException {
        return parse(Files.readString(FOLDER.resolve(file))).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }

    private static List<HasMetadata> parse(String text) {
        List<HasMetadata> objects = new ArrayList<>();
        for (Object document : documents(text)) {
            Map<?, ?> fields = (Map<?, ?>) document;
            String kind = fields.get("apiVersion") + "/" + fields.get("kind");
            Class<? extends HasMetadata> type =
                    Optional.ofNullable(KINDS.get(kind)).orElseThrow(() -> new AssertionError("no model for " + kind));
            objects.add(STRICT.convertValue(document, type));
        }
        return objects;
    }

    /** Refuses duplicate keys. */
    private static List<Object> documents(String text) {
        List<Object> documents = new ArrayList<>();
        new Load(LoadSettings.builder().build()).loadAllFromString(text).forEach(documents::add);
        return documents;
    }
}
