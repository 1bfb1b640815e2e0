/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.ghostfd.e2e.CorpusCase.Expectation;
import dev.ghostfd.e2e.CorpusRun.Findings;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The cases of the corpus that leak at a steady pace, and the innocent ones at the same pace. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(GhostfdProcess.LogsOnFailure.class)
class PacedCorpusIT {
    /** So many that the growth lasts for several windows. */
    private static final int INSTANCES = 250;

    private static final int PACE_MILLIS = 200;
    private static final int SECONDS = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Map<CorpusCase, List<Expectation>> expectations = CorpusCase.expectations().stream()
            .filter(line -> line.expect().equals("paced") || isInnocent(line))
            .collect(groupingBy(Expectation::program, LinkedHashMap::new, toList()));
    private final CorpusTable table = new CorpusTable("paced");
    private CorpusRun run;
    private Map<CorpusCase, Findings> found = Map.of();

    /** For as long as it fills, an innocent pool grows: of those only the ones are here that may be reported so. */
    private static boolean isInnocent(Expectation line) {
        return line.expect().equals("steady")
                || line.expect().equals("benign") && line.alsoAllowed().contains("growth");
    }

    @BeforeAll
    void startAll() {
        Set<CorpusCase> programs =
                expectations.keySet().stream().filter(CorpusCase::canRun).collect(toCollection(LinkedHashSet::new));
        run = new CorpusRun(programs, INSTANCES, SECONDS, PACE_MILLIS, "--growth-window=10s");
        Map<CorpusCase, Predicate<Findings>> holds = new HashMap<>();
        programs.forEach(program -> holds.put(program, findings -> isRight(program, findings)));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        // Longer than growth takes to be reported, so that it is seen where it must not be.
        run.watch(Duration.ofSeconds(40));
        found = run.awaitFindings(holds, deadline);
    }

    @AfterAll
    void stopAll() {
        if (run != null) {
            run.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> reportsWhatGrows() {
        return expectations.entrySet().stream()
                .map(entry -> dynamicTest(entry.getKey().name(), () -> verify(entry.getKey(), entry.getValue())));
    }

    private void verify(CorpusCase program, List<Expectation> lines) {
        if (!program.canRun()) {
            table.enter(program, "paced", program.tool() + " is not installed", "skipped");
            Workbench.skip(program.tool() + " is not installed");
        }
        Expectation line = lines.getFirst();
        Findings findings = found.get(program);
        boolean right = isRight(program, findings);
        String expected = isInnocent(line) ? line.expect() : line.role() + " " + line.rule();
        table.enter(program, expected, findings.toString(), right ? "ok" : "WRONG");
        assertThat(findings).as("expected %s", line).matches(_ -> right);
    }

    private boolean isRight(CorpusCase program, Findings findings) {
        Expectation line = expectations.get(program).getFirst();
        return isInnocent(line) ? isLeftAlone(line, findings) : isExplained(line, findings);
    }

    private static boolean isLeftAlone(Expectation line, Findings found) {
        return !found.hasConfirmed() && line.alsoAllowed().containsAll(found.rules());
    }

    /**
     * It has grown, as one finding, or other rules that are true as well have explained the same descriptors; and nothing
     * else was found. A case that has come to its end grows no more.
     */
    private static boolean isExplained(Expectation line, Findings findings) {
        Set<String> known = new TreeSet<>(line.alsoAllowed());
        known.add(line.rule());
        boolean explained = findings.ever().stream().anyMatch(finding -> {
            String[] part = finding.split(" ", -1);
            boolean sameKind = line.kind().equals("-") || line.kind().equals(part[2]);
            return part[0].equals(line.role()) && known.contains(part[1]) && sameKind;
        });
        boolean once = findings.now().entrySet().stream()
                .allMatch(one -> !one.getKey().contains(" growth ") || one.getValue() == 1);
        return explained && once && known.containsAll(findings.rules());
    }
}
