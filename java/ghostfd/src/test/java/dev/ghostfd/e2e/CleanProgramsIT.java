/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Programs that close what they open, however busy or slow they are: nothing may be said of them. */
@ExtendWith(GhostfdProcess.LogsOnFailure.class)
class CleanProgramsIT {
    private static final int SPAWNS = 2000;

    @Test
    void saysNothingOfTwoThousandSpawnsThroughPosixSpawn() {
        // It makes 20 spawns for each instance before it is ready, and goes on afterwards.
        String program = new CorpusCase("c-churn-posix-spawn").build().toString();
        staysSilent(ScopeRoot.waitingToRun(program, Integer.toString(SPAWNS / 20), "20"), SPAWNS);
    }

    @Test
    void saysNothingOfTwoThousandSpawnsThroughGoOutput() {
        String program = Workbench.compileGo("output");
        staysSilent(ScopeRoot.waitingToRun(program, Integer.toString(SPAWNS), "20"), SPAWNS);
    }

    @Test
    void saysNothingOfShellPipelinesWithSlowConsumers() {
        Workbench.need("bash");
        String script = Workbench.resource("pipelines.sh").toString();
        staysSilent(ScopeRoot.waitingToRun("bash", script, "20"), 0);
    }

    private static void staysSilent(ScopeRoot program, int forksAtLeast) {
        try (program;
                GhostfdProcess daemon = GhostfdProcess.daemon(program.scope(), "--grace=1s")) {
            program.release();
            program.awaitReady(Duration.ofSeconds(40));
            Api api = daemon.api();
            // Silent because it saw them, not because it saw nothing.
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(api.metric("ghostfd_events_total", "type", "fork"))
                            .isGreaterThanOrEqualTo(forksAtLeast));
            await().during(Duration.ofSeconds(5))
                    .atMost(Duration.ofSeconds(15))
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> {
                        assertThat(api.leaks()).isEmpty();
                        assertThat(api.metric("ghostfd_leaks_detected_total"))
                                .as("findings ever")
                                .isZero();
                    });
            assertThat(api.metric("ghostfd_events_lost_total")).isZero();
        }
    }
}
