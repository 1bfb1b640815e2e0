/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ghostfd.e2e.Workbench.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded on one machine can be analysed on another, without privileges, with the same result each time. */
class RecordReplayIT {
    private static final int INSTANCES = 3;

    @TempDir
    private Path folder;

    @Test
    void replayFindsWhatTheProgramLeakedWhileItWasRecorded() throws IOException {
        Path file = recording("py-popen-stdout-kept");

        Outcome first = Outcome.of(Workbench.ghostfd("replay", "--json", file.toString()));
        Outcome second = Outcome.of(Workbench.ghostfd("replay", "--json", file.toString()));

        assertThat(first.exit()).as(first.err()).isZero();
        assertThat(first.err()).isEmpty();
        assertThat(second.out()).isEqualTo(first.out());
        List<JsonNode> leaks = new ArrayList<>();
        Api.parse(first.out()).required("leaks").forEach(leaks::add);
        assertThat(leaks).hasSize(2 * INSTANCES).allSatisfy(leak -> {
            assertThat(leak.at("/rule").asText()).isEqualTo("orphaned-pipe");
            assertThat(leak.at("/confidence").asText()).isEqualTo("confirmed");
            assertThat(leak.at("/child/comm").asText()).isEqualTo("sh");
            assertThat(leak.has("resolvedAt")).as("the program has ended").isTrue();
        });
    }

    @Test
    void aRecordingThatIsCutIsReplayedUpToThere() throws IOException {
        Path file = recording("c-zombies");
        byte[] bytes = Files.readAllBytes(file);
        Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, bytes.length - 9));

        Outcome replay = Outcome.of(Workbench.ghostfd("replay", cut.toString()));

        assertThat(replay.exit()).isEqualTo(1);
        assertThat(replay.out()).contains("unreaped-child confirmed");
        assertThat(replay.err().lines()).singleElement().asString().contains("cut off at byte");
    }

    @Test
    void refusesWhatCannotBe() {
        Outcome missing =
                Outcome.of(Workbench.ghostfd("replay", folder.resolve("none").toString()));
        Outcome folderThatIsNot = Outcome.of(Workbench.ghostfd(
                "record", "--pid=1", folder.resolve("none/file").toString()));
        Outcome existing = Outcome.of(Workbench.ghostfd("record", "--pid=1", folder.toString()));

        assertThat(List.of(missing, folderThatIsNot, existing)).allSatisfy(outcome -> {
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.err().lines()).hasSize(1);
        });
        assertThat(missing.err()).contains("there is no file");
        assertThat(folderThatIsNot.err()).contains("no such folder");
        assertThat(existing.err()).contains("exists already");
    }

    /** Of a program that leaks, is seen to, and ends. */
    private Path recording(String name) throws IOException {
        Path file = folder.resolve(name);
        Path said = folder.resolve(name + ".err");
        try (ScopeRoot program = new CorpusCase(name).waitingToRun(INSTANCES, 4)) {
            ProcessBuilder builder = new ProcessBuilder(Workbench.ghostfd(
                            "record", file.toString(), program.scope(), "--grace=1s", "--sweep-interval=500ms"))
                    .redirectError(said.toFile());
            Process recorder = StartedProcesses.start(builder);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> Files.readString(said).contains("recording to"));
            program.release();
            program.awaitReady(Duration.ofSeconds(20));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !ProcessHandle.of(program.pid())
                            .map(ProcessHandle::isAlive)
                            .orElse(false));
            /* One more sweep, in which the leaks are gone. */
            long size = Files.size(file);
            await().atMost(Duration.ofSeconds(10)).until(() -> Files.size(file) > size);
            recorder.destroy();
            assertThat(recorder.onExit().orTimeout(20, TimeUnit.SECONDS).join().exitValue())
                    .as(Files.readString(said))
                    .isZero();
        }
        return file;
    }
}
