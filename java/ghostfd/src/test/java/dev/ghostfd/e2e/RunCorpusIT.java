/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ghostfd.e2e.CorpusCase.Expectation;
import dev.ghostfd.e2e.Workbench.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every case of the corpus under {@code ghostfd run}, which has to judge it as the daemon does though all is over by then.
 * What needs minutes, or changes within its time, is for {@link CorpusIT}.
 */
class RunCorpusIT {
    private static final int INSTANCES = 3;

    /** Past the grace of a second and the sweep after it, also on a busy machine. */
    private static final int SECONDS = 5;

    /** Most of the time they sleep. */
    private static final int AT_ONCE = 3;

    private static final int LEAKS = 99;

    private static final ExecutorService RUNS = Executors.newFixedThreadPool(AT_ONCE);

    @TempDir
    private static Path folder;

    /** What `ghostfd run` made of a case. */
    private record Judgement(JsonNode leaks, Outcome outcome) {}

    @AfterAll
    static void stop() {
        RUNS.shutdownNow();
    }

    @TestFactory
    List<DynamicTest> judgesAsTheDaemonDoes() {
        Map<CorpusCase, List<Expectation>> cases = CorpusCase.expectations().stream()
                .filter(line -> Set.of("leak", "benign").contains(line.expect()))
                .collect(groupingBy(Expectation::program, LinkedHashMap::new, toList()));
        cases.keySet().stream().filter(CorpusCase::canRun).forEach(CorpusCase::build);
        List<DynamicTest> tests = new ArrayList<>();
        cases.forEach((program, lines) -> {
            Optional<Future<Judgement>> judged =
                    program.canRun() ? Optional.of(RUNS.submit(() -> judge(program))) : Optional.empty();
            tests.add(dynamicTest(program.name(), () -> verify(program, lines, judged)));
        });
        return tests;
    }

    private static Judgement judge(CorpusCase program) throws IOException {
        Path report = folder.resolve(program.name());
        Outcome outcome = Outcome.of(
                Workbench.ghostfd(
                        "run",
                        "--report=json",
                        "--output=" + report,
                        "--",
                        program.build().toString(),
                        Integer.toString(INSTANCES),
                        Integer.toString(SECONDS)),
                Map.of(),
                3);
        assertThat(report).as("exit %d\n%s", outcome.exit(), outcome.err()).isNotEmptyFile();
        return new Judgement(Api.parse(Files.readString(report)).required("leaks"), outcome);
    }

    private static void verify(CorpusCase program, List<Expectation> lines, Optional<Future<Judgement>> judged)
            throws Exception {
        if (judged.isEmpty()) {
            Workbench.skip(program.tool() + " is not installed");
        }
        JsonNode leaks = judged.orElseThrow().get().leaks();
        Map<String, Long> expected = new TreeMap<>();
        Set<String> also = new TreeSet<>();
        for (Expectation line : lines) {
            also.addAll(line.alsoAllowed());
            line.perInstance()
                    .ifPresent(count -> expected.put(line.rule() + " " + line.kind(), (long) count * INSTANCES));
        }
        Map<String, Long> found = StreamSupport.stream(leaks.spliterator(), false)
                .map(leak -> leak.required("rule").asText() + " "
                        + leak.required("kind").asText())
                .collect(groupingBy(finding -> finding, TreeMap::new, counting()));
        found.keySet().removeIf(finding -> !expected.containsKey(finding) && also.contains(finding.split(" ", -1)[0]));
        assertThat(found).as(leaks.toPrettyString()).isEqualTo(expected);
        Outcome outcome = judged.orElseThrow().get().outcome();
        assertThat(outcome.exit() == LEAKS).as(outcome.err()).isEqualTo(!leaks.isEmpty());
    }
}
