/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/metrics.md is what the code says of its metrics, and the README names all of them. */
class MetricsReferenceTest {
    private static final Path ROOT = Path.of(System.getProperty("ghostfd.root"));
    private static final List<String> WORKLOAD = List.of("namespace", "pod", "container", "comm");
    private static final String HEAD = """
            # Metrics

            Made from the code; a test holds the two equal. Workload metrics carry `namespace`, `pod`, `container` and `comm`
            beside the labels named here. How they are meant to be used: [README](../README.md#metrics).

            | metric | type | workload's | labels | what it says, and what to do |
            |---|---|---|---|---|
            """;

    @Test
    void theReferenceIsWhatTheCodeSays() throws IOException {
        String expected = HEAD + Stream.of(Metric.values()).map(this::row).collect(Collectors.joining());
        Path made = Files.createDirectories(ROOT.resolve("java/ghostfd/target")).resolve("metrics.md");
        Files.writeString(made, expected);

        assertThat(ROOT.resolve("docs/metrics.md"))
                .as("cp %s docs/metrics.md", ROOT.relativize(made))
                .hasContent(expected);
    }

    @Test
    void theReadmeNamesEveryMetric() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));

        assertThat(Metric.values()).allSatisfy(metric -> assertThat(readme).contains("`" + metric.metricName() + "`"));
    }

    private String row(Metric metric) {
        String labels = metric.labels().stream()
                .filter(label -> !WORKLOAD.contains(label))
                .map(label -> "`" + label + "`")
                .collect(Collectors.joining(", "));
        return "| `%s` | %s | %s | %s | %s |%n"
                .formatted(
                        metric.metricName(),
                        metric.type().name().toLowerCase(Locale.ROOT),
                        metric.labels().containsAll(WORKLOAD) ? "yes" : "",
                        labels,
                        metric.help().replace("|", "\\|"));
    }
}
