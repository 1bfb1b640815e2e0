/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ghostfd.e2e.CorpusCase.Expectation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every case of the corpus against expected.tsv. All of them run at the same time, observed by one daemon: that takes
 * half a minute instead of several, and no case may be blamed for another. Paced cases, which grow, have a test of their own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(GhostfdProcess.LogsOnFailure.class)
class CorpusIT {
    private static final int INSTANCES = 3;
    private static final int SECONDS = 45;
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Map<CorpusCase, List<Expectation>> expectations = CorpusCase.expectations().stream()
            .filter(line -> !line.expect().equals("paced"))
            .collect(groupingBy(Expectation::program, LinkedHashMap::new, toList()));
    private final Map<CorpusCase, ScopeRoot> running = new LinkedHashMap<>();

    /** Rule, confidence and role of everything that was ever reported of a case, also if it was gone a second later. */
    private final Map<CorpusCase, Set<String>> everReported = new LinkedHashMap<>();

    private GhostfdProcess daemon;

    /** System.nanoTime() at which every case must have been judged right, for all of them together. */
    private long deadline;

    @BeforeAll
    void startAll() {
        for (CorpusCase program : expectations.keySet()) {
            if (program.canRun()) {
                running.put(program, program.waitingToRun(INSTANCES, SECONDS));
                everReported.put(program, new TreeSet<>());
            }
        }
        daemon = GhostfdProcess.daemon(
                running.values().stream().map(ScopeRoot::scope).toArray(String[]::new));
        running.values().forEach(ScopeRoot::release);
        running.values().forEach(program -> program.awaitReady(Duration.ofSeconds(20)));
        // The last to change is go-gc-finalizer, whose leaks end at 40 % of its time.
        deadline = System.nanoTime() + Duration.ofSeconds(SECONDS * 4 / 10 + 7).toNanos();
        // Past the grace, the sweep after it, and the moment at which the cases that change do so.
        await().during(GRACE.plusSeconds(5))
                .atMost(GRACE.plusSeconds(10))
                .pollInterval(Duration.ofMillis(500))
                .until(this::noteFindings);
    }

    @AfterAll
    void stopAll() {
        if (daemon != null) {
            daemon.close();
        }
        running.values().forEach(ScopeRoot::close);
    }

    @TestFactory
    Stream<DynamicTest> reportsWhatIsExpected() {
        return expectations.entrySet().stream()
                .map(entry -> dynamicTest(entry.getKey().name(), () -> verify(entry.getKey(), entry.getValue())));
    }

    private void verify(CorpusCase program, List<Expectation> lines) {
        if (!running.containsKey(program)) {
            Workbench.skip(program.tool() + " is not installed");
        }
        if (lines.getFirst().expect().equals("open")) {
            return;
        }
        Map<String, Long> expected = new TreeMap<>();
        Set<String> allowed = new TreeSet<>();
        Set<String> required = new TreeSet<>();
        for (Expectation line : lines) {
            allowed.addAll(line.alsoAllowed());
            if (line.expect().equals("benign")) {
                continue;
            }
            allowed.add(line.rule());
            required.add(line.rule());
            if (!line.expect().equals("transient")) {
                String finding = line.role() + " " + line.rule() + " " + line.kind();
                expected.put(finding, (long) line.perInstance().orElseThrow() * INSTANCES);
            }
        }
        await().atMost(Duration.ofNanos(Math.max(Duration.ofSeconds(3).toNanos(), deadline - System.nanoTime())))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    noteFindings();
                    Map<String, Long> actual = findings(program).stream()
                            .collect(groupingBy(finding -> described(program, finding), TreeMap::new, counting()));
                    // What is also true may be reported beside what must be; a transient leak must go again.
                    actual.keySet()
                            .removeIf(finding -> !expected.containsKey(finding)
                                    && lines.stream()
                                            .anyMatch(line -> line.alsoAllowed().contains(finding.split(" ", -1)[1])));
                    assertThat(actual).as("findings").isEqualTo(expected);
                });
        assertThat(everReported.get(program))
                .as("rules ever reported")
                .isSubsetOf(allowed)
                .containsAll(required);
    }

    /** Takes down what is reported now. */
    private boolean noteFindings() {
        for (JsonNode leak : daemon.api().leaks()) {
            CorpusCase program = caseOf(leak.at("/process/pid").asInt())
                    .orElseThrow(() -> new AssertionError("of a process that belongs to no case: " + leak));
            everReported.get(program).add(leak.at("/rule").asText());
        }
        return true;
    }

    private List<JsonNode> findings(CorpusCase program) {
        Set<Integer> pids = running.get(program).pids();
        List<JsonNode> own = new ArrayList<>();
        for (JsonNode leak : daemon.api().leaks()) {
            if (pids.contains(leak.at("/process/pid").asInt())) {
                own.add(leak);
            }
        }
        return own;
    }

    private Optional<CorpusCase> caseOf(int pid) {
        return running.entrySet().stream()
                .filter(entry -> entry.getValue().pids().contains(pid))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** `main orphaned-pipe pipe`. */
    private String described(CorpusCase program, JsonNode leak) {
        return roleOf(running.get(program), leak.at("/process/pid").asInt()) + " "
                + leak.at("/rule").asText() + " " + leak.at("/kind").asText();
    }

    private static String roleOf(ScopeRoot program, int pid) {
        for (String line : program.lines()) {
            var holder = Pattern.compile("^HOLDER pid=(\\d+) (?:tid=\\d+ )?role=(\\S+)")
                    .matcher(line);
            if (holder.find() && Integer.parseInt(holder.group(1)) == pid) {
                return holder.group(2);
            }
            if (line.equals("READY pid=" + pid)) {
                return "main";
            }
        }
        return "pid " + pid;
    }
}
