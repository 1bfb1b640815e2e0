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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every case of the corpus under {@code ghostfd run}, which has to judge it as the daemon does though all is over by then.
 * What needs minutes, or changes within its time, is for {@link CorpusIT}.
 */
class RunCorpusIT {
    private static final int INSTANCES = 3;
    private static final int SECONDS = 4;
    private static final int LEAKS = 99;

    @TempDir
    private static Path folder;

    @TestFactory
    Stream<DynamicTest> judgesAsTheDaemonDoes() {
        Map<CorpusCase, List<Expectation>> cases = CorpusCase.expectations().stream()
                .filter(line -> Set.of("leak", "benign").contains(line.expect()))
                .collect(groupingBy(Expectation::program, LinkedHashMap::new, toList()));
        return cases.entrySet().stream()
                .map(entry -> dynamicTest(entry.getKey().name(), () -> verify(entry.getKey(), entry.getValue())));
    }

    private static void verify(CorpusCase program, List<Expectation> lines) throws IOException {
        if (!program.canRun()) {
            Workbench.skip(program.tool() + " is not installed");
        }
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
        JsonNode leaks = Api.parse(Files.readString(report)).required("leaks");
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
        assertThat(outcome.exit() == LEAKS).as(outcome.err()).isEqualTo(!leaks.isEmpty());
    }
}
