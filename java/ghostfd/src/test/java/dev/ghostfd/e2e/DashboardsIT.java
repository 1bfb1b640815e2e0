/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ghostfd.e2e.Workbench.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Dashboards and rules in front of a real Prometheus and Alertmanager, while a program leaks. */
@ExtendWith(GhostfdProcess.LogsOnFailure.class)
class DashboardsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int CHILDREN = 20;

    @Test
    void everyQueryHasDataAndTheLeakAlertFiresAndResolves() throws IOException {
        Workbench.need("prometheus");
        Workbench.need("prometheus-alertmanager");
        try (ScopeRoot program = new CorpusCase("go-stdoutpipe-nowait").waitingToRun(CHILDREN, 600);
                GhostfdProcess daemon = GhostfdProcess.daemon(program.scope());
                PrometheusStack stack = new PrometheusStack(daemon.api())) {
            program.release();
            program.awaitReady(Duration.ofSeconds(30));
            await().atMost(PATIENCE).until(stack::isReady);

            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(2))
                    .untilAsserted(() -> assertThat(stack.alerts("GhostfdLeakConfirmed"))
                            .singleElement()
                            .satisfies(DashboardsIT::tellsWhatAnOnCallEngineerNeeds));
            everyQueryHasDataOrAReasonToHaveNone(stack);
            everyRuleCanBeEvaluated(stack);
            assertThat(stack.query("{namespace=\"of-ghostfd-itself\",comm!=\"\"}"))
                    .as("labels of ghostfd's own pod on a workload's series")
                    .isEmpty();

            program.kill();
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(2))
                    .untilAsserted(() ->
                            assertThat(stack.alerts("GhostfdLeakConfirmed")).isEmpty());
            assertThat(stack.query("ALERTS{alertname=\"GhostfdLeakConfirmed\"}"))
                    .isEmpty();
        }
    }

    private static void tellsWhatAnOnCallEngineerNeeds(JsonNode alert) {
        assertThat(alert.at("/status/state").asText()).isEqualTo("active");
        assertThat(alert.at("/labels/instance").asText()).startsWith("node-a:");
        assertThat(alert.at("/annotations/summary").asText())
                .contains("leaks " + CHILDREN + " descriptors (orphaned-pipe)");
        assertThat(alert.at("/annotations/description").asText()).contains("/api/v1/leaks?comm=");
        assertThat(alert.at("/annotations/runbook_url").asText()).endsWith("/docs/rules/orphaned-pipe.md");
    }

    private static void everyQueryHasDataOrAReasonToHaveNone(PrometheusStack stack) throws IOException {
        Map<String, List<Supplier<List<JsonNode>>>> questions = new TreeMap<>();
        for (Dashboards.Query query : Dashboards.queries()) {
            questions
                    .computeIfAbsent(query.where(), where -> new ArrayList<>())
                    .add(() -> stack.query(query.expression()));
        }
        for (Dashboards.Choice choice : Dashboards.choices()) {
            questions.put(choice.where(), List.of(() -> stack.labelValues(choice)));
        }
        for (JsonNode rule : stack.ruleStates()) {
            questions.put(
                    "rule: " + rule.required("name").asText(),
                    List.of(() -> stack.query(rule.required("query").asText())));
        }
        Set<String> mayBeEmpty = mayBeEmpty();
        assertThat(questions.keySet()).as("what may be empty exists").containsAll(mayBeEmpty);
        Set<String> open = new TreeSet<>(questions.keySet());
        await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(3)).untilAsserted(() -> {
            open.removeIf(where -> questions.get(where).stream()
                    .noneMatch(question -> question.get().isEmpty()));
            Set<String> missing = new HashSet<>(open);
            missing.removeAll(mayBeEmpty);
            assertThat(missing).isEmpty();
        });
    }

    /** One line each: where, a tab, and why. */
    private static Set<String> mayBeEmpty() throws IOException {
        try (Stream<String> lines = Files.lines(Workbench.resource("queries-without-data.tsv"))) {
            return lines.filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .peek(line -> assertThat(line).as("a reason").hasSize(2).doesNotContain(""))
                    .map(line -> line[0])
                    .collect(Collectors.toSet());
        }
    }

    private static void everyRuleCanBeEvaluated(PrometheusStack stack) {
        assertThat(stack.ruleStates())
                .isNotEmpty()
                .allSatisfy(rule -> assertThat(rule.required("health").asText())
                        .as(rule.toString())
                        .isEqualTo("ok"));
    }

    @Test
    void promtoolAndAmtoolAcceptRulesTheirTestsAndConfigurations() {
        Workbench.need("promtool");
        Workbench.need("amtool");
        Path folder = Dashboards.FOLDER.resolve("prometheus");
        for (List<String> command : List.of(
                List.of(
                        "promtool",
                        "check",
                        "rules",
                        folder.resolve("ghostfd.rules.yml").toString()),
                List.of(
                        "promtool",
                        "test",
                        "rules",
                        folder.resolve("ghostfd.rules.test.yml").toString()),
                List.of(
                        "promtool",
                        "check",
                        "config",
                        folder.resolve("scrape/file.yml").toString()),
                List.of(
                        "amtool",
                        "check-config",
                        folder.resolve("alertmanager.yml").toString()))) {
            Outcome.of(command).mustSucceed();
        }
    }
}
