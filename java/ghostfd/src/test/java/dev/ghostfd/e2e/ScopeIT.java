/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is outside the scope is neither reported nor tracked. */
@ExtendWith(GhostfdProcess.LogsOnFailure.class)
class ScopeIT {
    private static final CorpusCase LEAKY = new CorpusCase("py-popen-stdout-kept");
    private static final int INSTANCES = 2;

    @Test
    void observesOnlyTheSubtreesOfTheGivenProcesses() {
        try (ScopeRoot first = LEAKY.waitingToRun(INSTANCES, 40);
                ScopeRoot second = LEAKY.waitingToRun(INSTANCES, 40);
                ScopeRoot outside = LEAKY.waitingToRun(INSTANCES, 40);
                GhostfdProcess daemon = GhostfdProcess.daemon(first.scope(), second.scope())) {
            first.release();
            second.release();
            outside.release();
            first.awaitReady(Duration.ofSeconds(10));
            second.awaitReady(Duration.ofSeconds(10));
            outside.awaitReady(Duration.ofSeconds(10));
            assertLeaks(daemon.api(), first, second);
        }
    }

    @Test
    void observesOnlyTheGivenCgroup() throws IOException {
        Optional<Path> hierarchy = cgroup2();
        if (hierarchy.isEmpty()) {
            Workbench.skip("no cgroup v2 hierarchy is mounted");
        }
        Path cgroup = Files.createDirectory(hierarchy
                .orElseThrow()
                .resolve("ghostfd-e2e-" + ProcessHandle.current().pid()));
        try {
            try (ScopeRoot inside = LEAKY.waitingToRun(INSTANCES, 40);
                    ScopeRoot outside = LEAKY.waitingToRun(INSTANCES, 40)) {
                Files.writeString(cgroup.resolve("cgroup.procs"), Integer.toString(inside.pid()));
                try (GhostfdProcess daemon = GhostfdProcess.daemon("--cgroup=" + cgroup)) {
                    inside.release();
                    outside.release();
                    inside.awaitReady(Duration.ofSeconds(10));
                    outside.awaitReady(Duration.ofSeconds(10));
                    assertLeaks(daemon.api(), inside);
                }
            }
        } finally {
            // Busy until the kernel has forgotten the last of the killed processes.
            await().atMost(Duration.ofSeconds(5)).until(() -> cgroup.toFile().delete());
        }
    }

    private static void assertLeaks(Api api, ScopeRoot... inScope) {
        Set<Integer> pids = new TreeSet<>();
        Stream.of(inScope).forEach(program -> pids.add(program.pid()));
        // Each instance keeps stdout and stderr.
        await().atMost(Duration.ofSeconds(12))
                .untilAsserted(() -> assertThat(api.leaks())
                        .hasSize(pids.size() * INSTANCES * 2)
                        .allSatisfy(leak ->
                                assertThat(leak.at("/process/pid").asInt()).isIn(pids)));
        Set<Integer> tracked = new TreeSet<>();
        for (JsonNode process : api.json("/api/v1/processes").required("processes")) {
            tracked.add(process.required("pid").asInt());
        }
        assertThat(tracked).as("tracked processes").isEqualTo(pids);
    }

    private static Optional<Path> cgroup2() throws IOException {
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
            return mounts.map(mount -> mount.split(" ", -1))
                    .filter(field -> field[2].equals("cgroup2"))
                    .map(field -> Path.of(field[1]))
                    .findFirst();
        }
    }
}
