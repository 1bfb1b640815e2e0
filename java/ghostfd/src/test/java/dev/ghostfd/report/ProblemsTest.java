/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Single findings become one problem for each site. */
class ProblemsTest {
    private final List<Problem> problems = SampleRun.problems(false);

    @Test
    void gathersLeaksOfOneRuleKindAndLine() {
        assertThat(problems.getFirst()).satisfies(problem -> {
            assertThat(problem.rule()).isEqualTo("orphaned-pipe");
            assertThat(problem.count()).isEqualTo(2);
            assertThat(problem.instances())
                    .containsExactly(
                            "app[100] fd 3 (pipe, read end); child grep[5151] exited with code 3",
                            "app[101] fd 4 (pipe, read end); child grep[5151] exited with code 3");
            assertThat(problem.title())
                    .isEqualTo("orphaned-pipe: app: 2 pipes, from spawn_all (/work/project/src/a job.c:42)");
            assertThat(problem.isFailure()).isTrue();
        });
    }

    @Test
    void keepsContainersAndConfidencesApart() {
        assertThat(problems.get(1).title())
                .startsWith("orphaned-pipe (suspected): app in container web: 1 pipe, from spawn_all");
    }

    @Test
    void tellsOfAChildWithoutADescriptor() {
        assertThat(problems.get(2).instances())
                .singleElement()
                .asString()
                .endsWith("child sleep[5152] was ended by signal 9");
        assertThat(problems.get(2).callSite()).isEmpty();
    }

    @Test
    void failsForWhatIsOpenAtExitOnlyIfAskedTo() {
        assertThat(problems.getLast().rule()).isEqualTo(Problem.OPEN_AT_EXIT);
        assertThat(problems.getLast().instances())
                .containsExactly("lint[103] fd 7 (file); the process exited with code 2");
        assertThat(problems.getLast().isFailure()).isFalse();
        assertThat(SampleRun.problems(true).getLast().isFailure()).isTrue();
    }
}
