/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ghostfd.leak.Rule;
import dev.ghostfd.metrics.Metric;
import io.prometheus.client.Collector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be said of dashboards, rules and their pages without running anything. */
class DashboardsTest {
    private static final Path ROOT = Path.of(System.getProperty("ghostfd.root", "../.."));
    private static final Path FOLDER = ROOT.resolve("dashboards");
    private static final Pattern METRIC = Pattern.compile("(?<![\\w:])ghostfd_[a-z_]+");
    private static final Pattern RUNBOOK =
            Pattern.compile("https://example\\.com/ghostfd/(docs/[\\w./{}$ -]+)(#[\\w-]+)?");

    static List<Path> dashboards() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    private static JsonNode read(Path dashboard) throws IOException {
        return new ObjectMapper().readTree(dashboard.toFile());
    }

    @Test
    void thereIsOneForANodeForTheFleetAndForGhostfdItself() throws IOException {
        assertThat(dashboards()).hasSize(3);
        Set<String> uids = new HashSet<>();
        for (Path dashboard : dashboards()) {
            uids.add(read(dashboard).required("uid").asText());
        }
        assertThat(uids).containsExactlyInAnyOrder("ghostfd-node", "ghostfd-fleet", "ghostfd-health");
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void panelsHaveIdsOfTheirOwnAndDoNotOverlap(Path dashboard) throws IOException {
        JsonNode panels = read(dashboard).required("panels");
        Set<Integer> ids = new HashSet<>();
        Set<List<Integer>> taken = new HashSet<>();
        for (JsonNode panel : panels) {
            assertThat(ids.add(panel.required("id").asInt()))
                    .as(panel.path("title").asText())
                    .isTrue();
            JsonNode place = panel.required("gridPos");
            for (int x = 0; x < place.required("w").asInt(); x++) {
                for (int y = 0; y < place.required("h").asInt(); y++) {
                    int column = place.required("x").asInt() + x;
                    assertThat(column).isLessThan(24);
                    assertThat(taken.add(List.of(column, place.required("y").asInt() + y)))
                            .as(panel.path("title").asText())
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyQueryGoesToTheChosenDataSourceAndTheChosenNodes(Path dashboard) throws IOException {
        JsonNode root = read(dashboard);
        for (JsonNode source : root.findValues("datasource")) {
            assertThat(source.required("uid").asText()).isEqualTo("${datasource}");
        }
        Set<String> variables = root.at("/templating/list").findValues("name").stream()
                .map(JsonNode::asText)
                .collect(Collectors.toSet());
        assertThat(variables).contains("datasource", "job", "cluster", "instance");
        for (JsonNode panel : root.required("panels")) {
            for (JsonNode target : panel.path("targets")) {
                String expression = target.required("expr").asText();
                assertThat(target.at("/datasource/uid").asText()).isEqualTo("${datasource}");
                assertThat(expression).contains("job=\"$job\"", "cluster=~\"$cluster\"");
                assertThat(expression).doesNotContainPattern("(instance|namespace|comm|cluster)=~?\"[^$]");
            }
        }
    }

    /** A query whose metric was renamed would show nothing, for ever. */
    @Test
    void allMetricsThatAreAskedForExist() throws IOException {
        Set<String> known =
                Arrays.stream(Metric.values()).flatMap(DashboardsTest::series).collect(Collectors.toSet());
        StringBuilder asked = new StringBuilder();
        for (Path dashboard : dashboards()) {
            read(dashboard)
                    .findValuesAsText("expr")
                    .forEach(expression -> asked.append(expression).append('\n'));
            read(dashboard)
                    .findValuesAsText("definition")
                    .forEach(query -> asked.append(query).append('\n'));
        }
        asked.append(Files.readString(FOLDER.resolve("prometheus/ghostfd.rules.yml")));
        Set<String> names =
                METRIC.matcher(asked).results().map(MatchResult::group).collect(Collectors.toSet());
        assertThat(names).hasSizeGreaterThan(15);
        assertThat(known).containsAll(names);
    }

    private static Stream<String> series(Metric metric) {
        return metric.type() == Collector.Type.HISTOGRAM
                ? Stream.of("_bucket", "_count", "_sum").map(suffix -> metric.metricName() + suffix)
                : Stream.of(metric.metricName());
    }

    @Test
    void everyRunbookIsThereAndEveryRuleHasOne() throws IOException {
        for (Rule rule : Rule.values()) {
            assertThat(ROOT.resolve("docs/rules").resolve(rule.label() + ".md")).isRegularFile();
        }
        List<MatchResult> links = RUNBOOK.matcher(Files.readString(FOLDER.resolve("prometheus/ghostfd.rules.yml")))
                .results()
                .filter(link -> !link.group(1).contains("$labels"))
                .toList();
        assertThat(links).isNotEmpty();
        for (MatchResult link : links) {
            String page = Files.readString(ROOT.resolve(link.group(1)));
            if (link.group(2) != null) {
                String title = link.group(2).substring(1).replace('-', ' ');
                assertThat(page.lines().map(line -> line.toLowerCase(Locale.ROOT)))
                        .contains("## " + title);
            }
        }
    }
}
