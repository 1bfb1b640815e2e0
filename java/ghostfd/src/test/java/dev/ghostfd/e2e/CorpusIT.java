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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every case of the corpus against its table; paced cases, which grow, have a test of their own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(GhostfdProcess.LogsOnFailure.class)
class CorpusIT {
    private static final int INSTANCES = 3;
    private static final int SECONDS = 100;
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Map<CorpusCase, List<Expectation>> expectations = CorpusCase.expectations().stream()
            .filter(line -> !line.expect().equals("paced"))
            .collect(groupingBy(Expectation::program, LinkedHashMap::new, toList()));
    private final CorpusTable table = new CorpusTable("at-once");
    private CorpusRun run;
    private Map<CorpusCase, Findings> found = Map.of();
    private long lost;

    @BeforeAll
    void startAll() {
        Set<CorpusCase> programs =
                expectations.keySet().stream().filter(CorpusCase::canRun).collect(toCollection(LinkedHashSet::new));
        run = new CorpusRun(programs, INSTANCES, SECONDS, 0);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        run.awaitReady(PATIENCE);
        // Past the grace, the sweep after it, and the moment at which the cases that change do so.
        run.watch(GRACE.plusSeconds(5));
        Map<CorpusCase, Predicate<Findings>> holds = new HashMap<>();
        programs.forEach(program -> {
            Expected expected = new Expected(expectations.get(program));
            holds.put(program, expected::holds);
        });
        found = run.awaitFindings(holds, deadline);
        lost = run.lost();
    }

    @AfterAll
    void stopAll() {
        if (run != null) {
            run.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> reportsWhatIsExpected() {
        return expectations.entrySet().stream()
                .map(entry -> dynamicTest(entry.getKey().name(), () -> verify(entry.getKey(), entry.getValue())));
    }

    private void verify(CorpusCase program, List<Expectation> lines) {
        if (!program.canRun()) {
            table.enter(program, lines.getFirst().expect(), program.tool() + " is not installed", "skipped");
            Workbench.skip(program.tool() + " is not installed");
        }
        Expected expected = new Expected(lines);
        Findings findings = found.get(program);
        boolean open = lines.getFirst().expect().equals("open");
        boolean holds = open ? findings.toString().equals(program.open().reported()) : expected.holds(findings);
        table.enter(program, expected.text(), findings.toString(), holds ? open ? "open" : "ok" : "WRONG");
        if (open) {
            table.explain(program, program.open().why());
        }
        assertThat(holds)
                .as("expected %s, found %s; events lost: %d", expected.text(), findings, lost)
                .isTrue();
    }

    /** What all lines of a case say together. */
    private static final class Expected {
        private final Map<String, Long> counts = new TreeMap<>();
        private final Set<String> required = new TreeSet<>();
        private final Set<String> tolerated = new TreeSet<>();
        private final String kind;

        Expected(List<Expectation> lines) {
            kind = lines.getFirst().expect();
            for (Expectation line : lines) {
                tolerated.addAll(line.alsoAllowed());
                if (line.expect().equals("leak") || line.expect().equals("transient")) {
                    required.add(line.rule());
                }
                if (line.expect().equals("leak")) {
                    String finding = line.role() + " " + line.rule() + " " + line.kind();
                    counts.put(finding, (long) line.perInstance().orElseThrow() * INSTANCES);
                }
            }
        }

        /** What must be reported is, and nothing else but what is true as well; a transient leak has come and gone. */
        boolean holds(Findings found) {
            if (kind.equals("open")) {
                return !found.hasConfirmed();
            }
            Map<String, Long> now = new TreeMap<>(found.now());
            now.keySet()
                    .removeIf(finding -> !counts.containsKey(finding) && tolerated.contains(finding.split(" ", -1)[1]));
            Set<String> known = new TreeSet<>(required);
            known.addAll(tolerated);
            boolean accused = required.isEmpty() && found.hasConfirmed();
            return !accused
                    && now.equals(counts)
                    && known.containsAll(found.rules())
                    && found.rules().containsAll(required);
        }

        String text() {
            if (counts.isEmpty()) {
                return required.isEmpty() ? kind : kind + " " + String.join(", ", required);
            }
            return CorpusTable.text(counts);
        }
    }
}
