/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Workflow commands of GitHub Actions. */
class AnnotationsTest {
    private static List<String> annotations(RunReport report) {
        StringWriter text = new StringWriter();
        Annotations.write(report, new PrintWriter(text));
        return text.toString().lines().toList();
    }

    @Test
    void pointAtTheLine() {
        assertThat(annotations(SampleRun.report()).getFirst())
                .startsWith(
                        "::warning file=src/a job.c,line=42,title=ghostfd orphaned-pipe::orphaned-pipe: app: 2 pipes")
                .contains("%0A");
    }

    @Test
    void doWithoutALineWhereNoneIsKnown() {
        assertThat(annotations(SampleRun.report()).get(2)).startsWith("::warning title=ghostfd unreaped-child::");
    }

    @Test
    void escapeWhatWouldEndThem() {
        Problem evil = new Problem(
                "r,u:le",
                Problem.Severity.CONFIRMED,
                "100%\n::error::x",
                Optional.empty(),
                "pipe",
                Optional.empty(),
                1,
                List.of(),
                "hint",
                false);
        assertThat(annotations(SampleRun.report(List.of(evil), List.of())))
                .singleElement()
                .asString()
                .startsWith("::warning title=ghostfd r%2Cu%3Ale::r,u:le: 100%25%0A::error::x: 1 pipe");
    }

    @Test
    void leaveOutWhatIsAccepted() {
        List<Problem> problems =
                SampleRun.problems(true).stream().map(Problem::asAccepted).toList();
        assertThat(annotations(SampleRun.report(problems, List.of()))).isEmpty();
    }
}
