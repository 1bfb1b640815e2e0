/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ghostfd.e2e.Workbench.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Leaks that were there before ghostfd was: only the kernel's state tells of them. */
@ExtendWith(GhostfdProcess.LogsOnFailure.class)
class BeforeStartIT {
    private static final int INSTANCES = 4;

    @Test
    void scanFindsLeaksThatNobodyTraced() {
        try (ScopeRoot pipes = started("py-popen-stdout-kept");
                ScopeRoot zombies = started("c-zombies")) {
            Outcome scan = Outcome.of(Workbench.ghostfd("scan", "--json", pipes.scope(), zombies.scope()));

            assertThat(scan.err()).isEmpty();
            assertThat(scan.exit()).isZero();
            List<JsonNode> leaks = new ArrayList<>();
            Api.parse(scan.out()).required("leaks").forEach(leaks::add);
            assertLeaksOfBoth(leaks, pipes, zombies);
        }
    }

    @Test
    void daemonFindsLeaksThatAreOlderThanItself() {
        try (ScopeRoot pipes = started("py-popen-stdout-kept");
                ScopeRoot zombies = started("c-zombies");
                GhostfdProcess daemon = GhostfdProcess.daemon(pipes.scope(), zombies.scope())) {
            Api api = daemon.api();
            await().atMost(Duration.ofSeconds(12)).untilAsserted(() -> assertLeaksOfBoth(api.leaks(), pipes, zombies));

            pipes.kill();
            zombies.kill();
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(api.leaks()).isEmpty());
        }
    }

    @Test
    void scanIsSilentAboutHealthyPrograms() {
        try (ScopeRoot selfPipe = started("c-selfpipe");
                ScopeRoot channels = started("c-prefork-channels")) {
            Outcome scan = Outcome.of(Workbench.ghostfd("scan", "--json", selfPipe.scope(), channels.scope()));

            assertThat(scan.exit()).as(scan.err()).isZero();
            assertThat(Api.parse(scan.out()).required("leaks")).isEmpty();
        }
    }

    @Test
    void scanIsSilentAboutSlowConsumers() {
        Workbench.need("bash");
        String script = Workbench.resource("pipelines.sh").toString();
        try (ScopeRoot pipelines = ScopeRoot.running("bash", script, "40")) {
            pipelines.awaitReady(Duration.ofSeconds(20));
            Outcome scan = Outcome.of(Workbench.ghostfd("scan", "--json", pipelines.scope()));

            assertThat(scan.exit()).as(scan.err()).isZero();
            assertThat(Api.parse(scan.out()).required("leaks")).isEmpty();
        }
    }

    private static void assertLeaksOfBoth(List<JsonNode> leaks, ScopeRoot pipes, ScopeRoot zombies) {
        assertThat(leaks)
                .filteredOn(leak -> leak.at("/process/pid").asInt() == pipes.pid())
                .hasSize(INSTANCES * 2)
                .allSatisfy(leak -> {
                    assertThat(leak.at("/rule").asText()).isEqualTo("orphaned-pipe");
                    assertThat(leak.at("/origin").asText()).isEqualTo("before-start");
                    // Nothing proves any more that children had the other ends.
                    assertThat(leak.at("/confidence").asText()).isEqualTo("suspected");
                    assertThat(leak.at("/descriptor/end").asText()).isEqualTo("read");
                    assertThat(leak.at("/peer/writers").asInt(-1)).isZero();
                    assertThat(leak.has("child")).as("an invented child").isFalse();
                    assertThat(leak.required("descriptor").has("openedAt"))
                            .as("an invented time")
                            .isFalse();
                });
        assertThat(leaks)
                .filteredOn(leak -> leak.at("/process/pid").asInt() == zombies.pid())
                .hasSize(INSTANCES)
                .allSatisfy(leak -> {
                    assertThat(leak.at("/rule").asText()).isEqualTo("unreaped-child");
                    assertThat(leak.at("/confidence").asText()).isEqualTo("confirmed");
                    assertThat(leak.at("/kind").asText()).isEqualTo("process");
                    assertThat(leak.at("/child/pid").asInt()).isPositive();
                    assertThat(leak.at("/child/reaped").asBoolean(true)).isFalse();
                    assertThat(leak.has("descriptor")).isFalse();
                });
        assertThat(leaks).hasSize(INSTANCES * 3);
    }

    /** Running, and past the moment at which it makes its leaks. */
    private static ScopeRoot started(String name) {
        ScopeRoot program = new CorpusCase(name).waitingToRun(INSTANCES, 50);
        program.release();
        program.awaitReady(Duration.ofSeconds(20));
        return program;
    }
}
