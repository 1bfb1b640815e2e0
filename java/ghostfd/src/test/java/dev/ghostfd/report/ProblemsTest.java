/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.attribution.Frame;
import dev.ghostfd.leak.Confidence;
import dev.ghostfd.leak.Leak;
import dev.ghostfd.metrics.SampleNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
                    .isEqualTo("orphaned-pipe: app: 2 pipes, from spawn_all (/srv/project/src/a job.c:42)");
            assertThat(problem.isFailure()).isTrue();
        });
    }

    @Test
    void keepsContainersAndConfidencesApart() {
        assertThat(problems.get(1).title())
                .startsWith("orphaned-pipe (suspected): app in container web: 1 pipe, from spawn_all");
    }

    @Test
    void countsALeakWhoseCallSiteWasNotSeenWithTheOnlyOneOfItsProcess() {
        List<Problem> problems = withoutCallSite("leak-100-3").ofLeaks(pipesOfOneProcess());

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.title()).startsWith("orphaned-pipe: app: 3 pipes, from spawn_all");
            assertThat(problem.instances().getFirst()).endsWith("; its own call site was not seen");
            assertThat(problem.instances().getLast()).doesNotContain("not seen");
        });
    }

    @Test
    void doesNotGuessAmongSeveralCallSites() {
        Problems several = new Problems(SampleNode.ATTRIBUTION, leak -> switch (leak.id()) {
            case "leak-100-3" -> Optional.of(SampleRun.FRAME);
            case "leak-100-4" -> Optional.of(at(77));
            default -> Optional.empty();
        });

        assertThat(several.ofLeaks(pipesOfOneProcess())).hasSize(3).allMatch(problem -> problem.count() == 1);
    }

    @Test
    void oneSiteWhereNoCallSiteIsKnown() {
        assertThat(new Problems(SampleNode.ATTRIBUTION, CallSite.UNKNOWN).ofLeaks(pipesOfOneProcess()))
                .singleElement()
                .satisfies(problem -> assertThat(problem.title()).isEqualTo("orphaned-pipe: app: 3 pipes"));
    }

    private static List<Leak> pipesOfOneProcess() {
        return new SampleNode()
                .orphanedPipe(100, "app", 0, 3, Confidence.CONFIRMED)
                .orphanedPipe(100, "app", 0, 4, Confidence.CONFIRMED)
                .orphanedPipe(100, "app", 0, 5, Confidence.CONFIRMED)
                .view()
                .leaks();
    }

    private static Problems withoutCallSite(String id) {
        return new Problems(
                SampleNode.ATTRIBUTION, leak -> leak.id().equals(id) ? Optional.empty() : Optional.of(SampleRun.FRAME));
    }

    private static Frame at(int line) {
        Frame frame = SampleRun.FRAME;
        return new Frame(frame.function(), frame.file(), OptionalInt.of(line), frame.module(), 0x1300, false);
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
