/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.attribution.container.CgroupPaths;
import dev.ghostfd.attribution.container.Container;
import dev.ghostfd.attribution.container.ContainerRuntime;
import dev.ghostfd.lifecycle.ProcessId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On folders that stand in for the host's file systems, mounted elsewhere. */
class ProcAttributionTest {
    private static final String ID = "0123456789abcdef".repeat(4);
    private static final long TICK = 10_000_000L;
    private static final ProcessId AGENT = new ProcessId(42, 700 * TICK + 5);

    @TempDir
    private Path host;

    private ProcAttribution attribution;

    @BeforeEach
    void mount() throws IOException {
        Path process = Files.createDirectories(host.resolve("proc/42/fdinfo")).getParent();
        Files.createSymbolicLink(process.resolve("exe"), Path.of("/usr/bin/agent"));
        Files.writeString(
                process.resolve("stat"),
                "42 (an (odd) name) S 1 42 42 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 700" + " 0".repeat(30) + "\n");
        Files.writeString(process.resolve("fdinfo/3"), "pos:\t0\nflags:\t02000000\nmnt_id:\t15\n");
        Files.writeString(process.resolve("fdinfo/4"), "pos:\t0\nflags:\t01\nmnt_id:\t15\n");
        attribution = new ProcAttribution(host.resolve("proc"), new CgroupPaths(Optional.of(host.resolve("cgroup"))));
    }

    @Test
    void readsTheProgramFromTheGivenProcfs() {
        assertThat(attribution.executable(AGENT)).contains("/usr/bin/agent");
    }

    @Test
    void saysNothingOfALaterProcessWithTheSamePid() {
        assertThat(attribution.executable(new ProcessId(42, 699 * TICK))).isEmpty();
        assertThat(attribution.closeOnExec(new ProcessId(42, 699 * TICK), 3)).isEmpty();
    }

    @Test
    void readsCloseOnExecFromTheGivenProcfs() {
        assertThat(attribution.closeOnExec(AGENT, 3)).contains(true);
        assertThat(attribution.closeOnExec(AGENT, 4)).contains(false);
        assertThat(attribution.closeOnExec(AGENT, 5)).isEmpty();
    }

    @Test
    void outsideKubernetesAContainerHasNoNameButItsId() throws IOException {
        Path group = Files.createDirectories(host.resolve("cgroup/system.slice/docker-" + ID + ".scope"));
        long cgroup = CgroupPaths.inode(group);

        assertThat(attribution.container(cgroup))
                .contains(new Container(
                        ID,
                        Optional.of(ContainerRuntime.DOCKER),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        assertThat(attribution.cgroupPath(cgroup)).contains("/system.slice/docker-" + ID + ".scope");
        assertThat(attribution.workload("agent", cgroup)).isEqualTo(Workload.ofHost("agent"));
        assertThat(attribution.isPending(cgroup)).isFalse();
    }
}
