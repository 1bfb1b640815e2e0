/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ghostfd.e2e.Workbench.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** /metrics as Prometheus' own tools read it. */
@ExtendWith(GhostfdProcess.LogsOnFailure.class)
class ExpositionIT {
    private static final String LEAKY = """
            import subprocess, time
            kept = [subprocess.Popen(["true"], stdout=subprocess.PIPE) for _ in range(2)]
            time.sleep(60)
            """;
    /** The reference parser of OpenMetrics; it is strict. */
    private static final String PARSE = """
            import sys
            from prometheus_client.openmetrics.parser import text_string_to_metric_families
            for family in text_string_to_metric_families(open(sys.argv[1]).read()):
                print(family.name, family.type, len(family.samples))
            """;

    @Test
    void prometheusToolsHaveNothingToObjectTo() throws IOException {
        Workbench.need("promtool");
        Workbench.need("python3");
        try (ScopeRoot leaking = ScopeRoot.waitingToRun("python3", "-c", LEAKY);
                GhostfdProcess daemon = GhostfdProcess.daemon(leaking.scope())) {
            leaking.release();
            Api api = daemon.api();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> api.metric("ghostfd_leaked_descriptors", "kind", "pipe") == 2);
            Path text = Workbench.folder("metrics").resolve("metrics.txt");
            Path openMetrics = text.resolveSibling("openmetrics.txt");
            Files.writeString(text, api.get("/metrics").body());
            Files.writeString(
                    openMetrics,
                    api.get("/metrics", "application/openmetrics-text; version=1.0.0")
                            .body());

            Outcome lint = Outcome.of(List.of("sh", "-c", "promtool check metrics <\"$1\"", "sh", text.toString()));
            assertThat(lint.err() + lint.out()).isEmpty();
            assertThat(lint.exit()).isZero();

            // The system's python, which has the system's packages.
            Outcome parsed = Outcome.of(List.of("/usr/bin/python3", "-c", PARSE, openMetrics.toString()));
            assertThat(parsed.exit()).as(parsed.err()).isZero();
            assertThat(parsed.out().lines())
                    .anyMatch(line -> line.startsWith("ghostfd_leaked_descriptors gauge"))
                    .anyMatch(line -> line.startsWith("ghostfd_leaks_detected counter"))
                    .anyMatch(line -> line.startsWith("ghostfd_descriptor_lifetime_seconds histogram"));
        }
    }
}
