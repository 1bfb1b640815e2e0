/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Command lines and environments hold secrets. */
@ExtendWith(GhostfdProcess.LogsOnFailure.class)
class ExposeArgsIT {
    private static final String ARGUMENT = "--password=hunter2";
    private static final String VARIABLE = "hunter3";
    private static final List<String> EVERYWHERE =
            List.of("/", "/metrics", "/api/v1/leaks", "/api/v1/sites", "/api/v1/processes", "/api/v1/status");

    private static ScopeRoot withSecrets() {
        return ScopeRoot.running("env", "SECRET=" + VARIABLE, "python3", "-c", "import time; time.sleep(60)", ARGUMENT);
    }

    private static JsonNode awaitProcess(GhostfdProcess daemon, ScopeRoot program) {
        return await().until(
                        () -> daemon.api().process(program.pid()),
                        process -> process.at("/comm").asText().equals("python3"));
    }

    @Test
    void showsNoCommandLineUnlessTold() {
        try (ScopeRoot program = withSecrets();
                GhostfdProcess daemon = GhostfdProcess.daemon(program.scope())) {
            JsonNode process = awaitProcess(daemon, program);

            assertThat(process.has("args")).isFalse();
            assertThat(process.toString()).doesNotContain("hunter");
            assertNowhere(daemon, "hunter");
        }
    }

    @Test
    void showsItForOneProcessWhenTold() {
        try (ScopeRoot program = withSecrets();
                GhostfdProcess daemon = GhostfdProcess.daemon(program.scope(), "--expose-args=true")) {
            JsonNode process = awaitProcess(daemon, program);

            assertThat(process.at("/args/0").asText()).endsWith("python3");
            assertThat(process.at("/args/1").asText()).isEqualTo("-c");
            assertThat(process.at("/args/3").asText()).isEqualTo(ARGUMENT);
            assertThat(process.toString()).doesNotContain(VARIABLE);
            assertNowhere(daemon, "hunter");
        }
    }

    private static void assertNowhere(GhostfdProcess daemon, String secret) {
        for (String path : EVERYWHERE) {
            assertThat(daemon.api().get(path).body()).as(path).doesNotContain(secret);
        }
    }
}
