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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
    private long deadline;

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
        deadline = System.nanoTime() + PATIENCE.toNanos();
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
                .sorted((one, other) -> isBenign(one.getValue()) ? 1 : isBenign(other.getValue()) ? -1 : 0)
                .map(entry -> dynamicTest(entry.getKey().name(), () -> verify(entry.getKey(), entry.getValue())));
    }

    private static boolean isBenign(List<Expectation> lines) {
        return isInnocent(lines.getFirst());
    }

    private void verify(CorpusCase program, List<Expectation> lines) {
        if (!program.canRun()) {
            table.enter(program, "paced", program.tool() + " is not installed", "skipped");
            Workbench.skip(program.tool() + " is not installed");
        }
        Expectation line = lines.getFirst();
        Findings found = isBenign(lines)
                ? run.findings(program)
                : run.awaitFindings(program, now -> isExplained(line, now), deadline);
        boolean right = isBenign(lines) ? isLeftAlone(line, found) : isExplained(line, found);
        String expected = isBenign(lines) ? line.expect() : line.role() + " " + line.rule();
        table.enter(program, expected, found.toString(), right ? "ok" : "WRONG");
        assertThat(found).as("expected %s", line).matches(_ -> right);
    }

    private static boolean isLeftAlone(Expectation line, Findings found) {
        return !found.hasConfirmed() && line.alsoAllowed().containsAll(found.rules());
    }

    /** It grows, or other rules that are true as well have explained the same descriptors; and there is nothing else. */
    private static boolean isExplained(Expectation line, Findings found) {
        Set<String> known = new TreeSet<>(line.alsoAllowed());
        known.add(line.rule());
        boolean explained = found.now().keySet().stream().anyMatch(finding -> {
            String[] part = finding.split(" ", -1);
            boolean sameKind = line.kind().equals("-") || line.kind().equals(part[2]);
            return part[0].equals(line.role()) && known.contains(part[1]) && sameKind;
        });
        return explained && known.containsAll(found.rules());
    }
}
