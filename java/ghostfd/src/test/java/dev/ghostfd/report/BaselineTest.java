/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ghostfd.attribution.Frame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Known sites are accepted, new ones are not. */
class BaselineTest {
    @TempDir
    private Path folder;

    static Problem movedTo(Problem problem, int line) {
        Frame frame = problem.callSite().orElseThrow();
        return new Problem(
                problem.rule(),
                problem.severity(),
                problem.comm(),
                problem.container(),
                problem.kind(),
                Optional.of(new Frame(
                        frame.function(), frame.file(), OptionalInt.of(line), frame.module(), frame.address(), false)),
                problem.count() + 5,
                problem.instances(),
                problem.hint(),
                false);
    }

    private Path written(List<Problem> problems) throws IOException {
        Path file = folder.resolve("baseline.json");
        Baseline.write(file, problems, SampleRun.ROOT);
        return file;
    }

    @Test
    void acceptsWhatItWasWrittenFrom() throws IOException {
        List<Problem> problems = SampleRun.problems(true);
        assertThat(Baseline.read(written(problems)).applyTo(problems, SampleRun.ROOT))
                .hasSameSizeAs(problems)
                .noneMatch(Problem::isFailure);
    }

    @Test
    void acceptsASiteWhoseLineHasMoved() throws IOException {
        Problem problem = SampleRun.problems(true).getFirst();
        assertThat(Baseline.read(written(List.of(problem))).applyTo(List.of(movedTo(problem, 1)), SampleRun.ROOT))
                .allMatch(Problem::accepted);
    }

    @Test
    void doesNotAcceptAnotherSite() throws IOException {
        List<Problem> problems = SampleRun.problems(true);
        assertThat(Baseline.read(written(problems.subList(0, 1))).applyTo(problems, SampleRun.ROOT))
                .extracting(Problem::accepted)
                /* The second is the first in a container: the same site in the same code. */
                .containsExactly(true, true, false, false);
    }

    @Test
    void isTheSameFileWhateverTheOrder() throws IOException {
        List<Problem> problems = SampleRun.problems(true);
        String first = Files.readString(written(problems));
        assertThat(Files.readString(written(problems.reversed())))
                .isEqualTo(first)
                .doesNotContain("42");
    }

    @Test
    void saysHowToMakeTheFileThatIsMissing() {
        assertThatThrownBy(() -> Baseline.read(folder.resolve("none.json")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none.json")
                .hasMessageContaining("--update-baseline");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"sites\":3}", "{\"sites\":[{\"rule\":\"orphaned-pipe\"}]}"})
    void refusesAFileThatIsSomethingElse(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("other.json"), content);
        assertThatThrownBy(() -> Baseline.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not a baseline");
    }
}
