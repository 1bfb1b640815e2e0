/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ghostfd.attribution.container.KubeletStandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Leaks in real containers carry the names that an on-call engineer knows. */
@ExtendWith(GhostfdProcess.LogsOnFailure.class)
class ContainerIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String ID = "0123456789abcdef".repeat(4);
    private static final String UID = "8dbb61a4-3a0f-4f3e-a5a9-1f4a5f9e0c11";
    private static final int PIPES = 3;
    private static final int ZOMBIES = 2;

    private static void awaitLeaks(Api api) {
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(api.leaks("rule=orphaned-pipe&comm=contained")).hasSize(PIPES);
            assertThat(api.leaks("rule=unreaped-child&comm=contained")).hasSize(ZOMBIES);
        });
    }

    @Test
    void attributesLeaksToTheContainerWithThePidInsideIt() {
        try (TestCgroup group = new TestCgroup();
                GhostfdProcess daemon = GhostfdProcess.daemon(group.scope())) {
            Path cgroup = group.child("docker/" + ID);
            try (CrunContainer container = CrunContainer.run(ID, cgroup, PIPES, ZOMBIES)) {
                Api api = daemon.api();
                awaitLeaks(api);
                assertThat(api.leaks("comm=contained")).allSatisfy(leak -> {
                    JsonNode process = leak.get("process");
                    assertThat(process.get("pid").asInt()).isEqualTo(container.pid());
                    assertThat(process.get("nsPid").asInt()).isEqualTo(1);
                    assertThat(process.at("/container/id").asText()).isEqualTo(ID);
                    assertThat(process.at("/container/runtime").asText()).isEqualTo("docker");
                    assertThat(process.get("cgroup").asText()).isEqualTo(group.pathOf(cgroup));
                });
                assertThat(api.process(container.pid()).get("nsPid").asInt()).isEqualTo(1);
                assertThat(api.leaks("container=" + ID)).hasSize(PIPES + ZOMBIES);
                assertThat(api.metric("ghostfd_unreaped_children", "comm", "contained"))
                        .as("zombies of an init that does not reap")
                        .isEqualTo(ZOMBIES);
            }
        }
    }

    @Test
    void showsTheNamesOfPodNamespaceAndContainerFromTheKubelet(@TempDir Path secrets) {
        try (KubeletStandIn kubelet = new KubeletStandIn(secrets);
                TestCgroup group = new TestCgroup();
                GhostfdProcess daemon = GhostfdProcess.daemon(
                        group.scope(),
                        "--kubelet.url=" + kubelet.url(),
                        "--kubelet.token-file=" + kubelet.tokenFile(),
                        "--kubelet.ca-file=" + kubelet.authorities())) {
            kubelet.run("prod", "shop-1", UID, "web", "containerd://" + ID);
            Api api = daemon.api();
            Path cgroup = group.child("kubepods/burstable/pod" + UID + "/" + ID);
            String[] labels = {"namespace", "prod", "pod", "shop-1", "container", "web", "comm", "contained"};
            try (CrunContainer container = CrunContainer.run(ID, cgroup, PIPES, ZOMBIES)) {
                awaitLeaks(api);
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(api.leaks("pod=shop-1&container=web"))
                                .hasSize(PIPES + ZOMBIES));
                assertThat(api.leaks("pod=shop-1").getFirst().at("/process/container"))
                        .isEqualTo(Api.parse("""
                        {"id":"%s","runtime":"containerd","name":"web","pod":"shop-1","namespace":"prod","podUid":"%s"}
                        """.formatted(ID, UID)));
                assertThat(api.process(container.pid()).at("/container/name").asText())
                        .isEqualTo("web");
                assertThat(api.metric("ghostfd_leaked_descriptors", labels)).isEqualTo(PIPES);
                assertThat(api.metric("ghostfd_unreaped_children", labels)).isEqualTo(ZOMBIES);
                assertThat(api.get("/metrics").body())
                        .as("no series was begun before the names were known")
                        .doesNotContain("pod=\"\",container=\"\",comm=\"contained\"");
            }
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(api.metric("ghostfd_leaks_resolved_total", labels))
                            .as("counted under the pod's name after its end")
                            .isEqualTo(PIPES + ZOMBIES));
        }
    }

    @Test
    void worksInAContainerWithTheHostsFileSystemsElsewhere() throws IOException {
        Path host = Workbench.folder("host");
        Path cgroups = TestCgroup.mountPoint();
        for (String folder : List.of("proc", "sys", "cgroup")) {
            Files.createDirectories(host.resolve(folder));
        }
        /* Where cgroups usually are is nothing. */
        String hide =
                "mount --rbind /proc \"$1/proc\" && mount --rbind /sys \"$1/sys\" && mount --bind \"$2\" \"$1/cgroup\""
                        + " && umount -l \"$2\" && mount -t tmpfs none /sys/fs/cgroup"
                        + " && shift 2 && exec \"$@\"";
        List<String> wrapper = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", hide, "sh"));
        wrapper.addAll(List.of(host.toString(), cgroups.toString()));
        try (TestCgroup group = new TestCgroup();
                GhostfdProcess daemon = GhostfdProcess.startedBy(
                        wrapper,
                        "--cgroup=" + group.pathOf(group.folder()),
                        "--path.procfs=" + host.resolve("proc"),
                        "--path.sysfs=" + host.resolve("sys"),
                        "--path.cgroupfs=" + host.resolve("cgroup"))) {
            try (CrunContainer container =
                    CrunContainer.run(ID, group.child("machine.slice/libpod-" + ID + ".scope"), PIPES, ZOMBIES)) {
                awaitLeaks(daemon.api());
                assertThat(daemon.api().leaks("comm=contained")).allSatisfy(leak -> {
                    JsonNode process = leak.get("process");
                    assertThat(process.get("pid").asInt()).isEqualTo(container.pid());
                    assertThat(process.get("exe").asText()).endsWith("/contained");
                    assertThat(process.at("/container/id").asText()).isEqualTo(ID);
                    assertThat(process.at("/container/runtime").asText()).isEqualTo("podman");
                });
            }
        }
    }
}
