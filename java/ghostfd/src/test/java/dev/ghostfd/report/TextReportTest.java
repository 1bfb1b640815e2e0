/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a person reads below the output of the command. */
class TextReportTest {
    private static List<String> text(RunReport report) {
        StringWriter text = new StringWriter();
        TextReport.write(report, new PrintWriter(text));
        return text.toString().lines().toList();
    }

    @Test
    void tellsEachSiteWithItsInstancesAndWhatToDo() {
        List<String> lines = text(SampleRun.report());
        assertThat(lines.getFirst()).startsWith("ghostfd: orphaned-pipe: app: 2 pipes, from spawn_all");
        assertThat(lines.get(1)).isEqualTo("    app[100] fd 3 (pipe, read end); child grep[5151] exited with code 3");
        assertThat(lines.get(3)).startsWith("    -> ");
        assertThat(lines).contains("ghostfd: warning: 12 events were lost");
        assertThat(lines.getLast()).isEqualTo("ghostfd: 4 leaks at 3 sites");
    }

    @Test
    void leavesOutWhatTheBaselineAccepts() {
        List<Problem> problems =
                SampleRun.problems(false).stream().map(Problem::asAccepted).toList();
        assertThat(text(SampleRun.report(problems, List.of())))
                .containsExactly("ghostfd: no leaks, 4 accepted by the baseline");
    }

    @Test
    void saysThatThereIsNothing() {
        assertThat(text(SampleRun.clean())).containsExactly("ghostfd: no leaks");
    }
}
