/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a finding tells of the threads of its process, and that nothing is loaded for what was not asked for. */
@ExtendWith(GhostfdProcess.LogsOnFailure.class)
class EvidenceIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static ScopeRoot program() {
        Workbench.need("python3");
        return ScopeRoot.waitingToRun(
                "python3", Workbench.resource("evidence.py").toString());
    }

    private static JsonNode finding(GhostfdProcess daemon) {
        List<JsonNode> found = new ArrayList<>();
        await().atMost(SOON).until(() -> {
            found.clear();
            found.addAll(daemon.api().leaks("rule=inherited-pipe"));
            return !found.isEmpty();
        });
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    @Test
    void namesTheThreadThatOpenedItAndTheOneThatWaitsAtIt() {
        try (ScopeRoot program = program();
                GhostfdProcess daemon = GhostfdProcess.daemon(program.scope())) {
            program.release();
            int fd = Integer.parseInt(
                    program.awaitLine("^READY pid=\\d+ fd=(\\d+)", SOON).group(1));
            JsonNode leak = finding(daemon);

            assertThat(leak.at("/descriptor/fd").asInt()).isEqualTo(fd);
            assertThat(leak.at("/descriptor/openedBy/comm").asText()).isEqualTo("opener");
            assertThat(leak.at("/descriptor/openedBy/tid").asInt()).isNotEqualTo(program.pid());
            assertThat(leak.at("/descriptor/blockedThread/comm").asText()).isEqualTo("reader");
            assertThat(leak.at("/descriptor/blockedThread/syscall").asText()).isEqualTo("read");
            assertThat(leak.at("/descriptor/blockedThread/tid").asInt())
                    .isNotEqualTo(leak.at("/descriptor/openedBy/tid").asInt());
            assertThat(leak.at("/child/exitCode").asInt()).isEqualTo(7);
            assertThat(leak.at("/child/reaped").asBoolean()).isTrue();
            assertThat(leak.at("/peer/readers").asInt()).isOne();
            assertThat(leak.at("/peer/holders/0/comm").asText()).isEqualTo("sleep");
            assertThat(leak.at("/hint").asText()).contains("Python: ");
        }
    }

    @Test
    void loadsNothingForCallSitesThatAreOff() throws IOException {
        try (ScopeRoot program = program();
                GhostfdProcess daemon = GhostfdProcess.daemon(program.scope(), "--stacks=off")) {
            program.release();
            program.awaitReady(SOON);
            JsonNode leak = finding(daemon);

            assertThat(leak.at("/descriptor/callSite").isMissingNode()).isTrue();
            assertThat(daemon.api().metric("ghostfd_events_total", "type", "stack"))
                    .isZero();
            assertThat(threads(daemon)).doesNotContain("unwinder", "call-sites");
            assertThat(Files.readString(Path.of("/proc", Long.toString(daemon.pid()), "maps")))
                    .doesNotContain("libdw");
        }
    }

    private static Set<String> threads(GhostfdProcess daemon) throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(daemon.pid()), "task"))) {
            for (Path task : tasks.toList()) {
                names.add(Files.readString(task.resolve("comm")).strip());
            }
        }
        return names;
    }
}
