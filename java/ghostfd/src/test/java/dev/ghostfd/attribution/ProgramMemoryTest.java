/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ghostfd.attribution.container.CgroupPaths;
import dev.ghostfd.lifecycle.ProcessId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs are known past the end of their processes. */
class ProgramMemoryTest {
    private static final ProcessId AGENT = new ProcessId(42, 1_000_000_000L);
    private static final ProcessId CHILD = new ProcessId(43, 1_010_000_000L);

    @TempDir
    private Path proc;

    private ProgramMemory memory() {
        return ProgramMemory.of(new ProcAttribution(proc, new CgroupPaths(Optional.empty())));
    }

    private void runs(ProcessId process, String program) throws IOException {
        Path folder = Files.createDirectories(proc.resolve(Integer.toString(process.pid())));
        Files.deleteIfExists(folder.resolve("exe"));
        Files.createSymbolicLink(folder.resolve("exe"), Path.of(program));
        long ticks = process.startTime() / 10_000_000L;
        Files.writeString(
                folder.resolve("stat"),
                process.pid() + " (it) S" + " 0".repeat(18) + " " + ticks + " 0".repeat(30) + "\n");
    }

    private void ends(ProcessId process) throws IOException {
        Path folder = proc.resolve(Integer.toString(process.pid()));
        Files.delete(folder.resolve("exe"));
        Files.delete(folder.resolve("stat"));
        Files.delete(folder);
    }

    private static void awaitLanguage(ProgramMemory memory, ProcessId process, Language language) {
        await().atMost(Duration.ofSeconds(10)).until(() -> memory.language(process) == language);
    }

    @Test
    void knowsAProgramThatHasEnded() throws IOException {
        try (ProgramMemory memory = memory()) {
            runs(AGENT, "/usr/bin/python3.11");
            memory.runs(AGENT, Optional.empty());
            /* Of this one procfs shows nothing: it is known only once the other has been looked at. */
            memory.runs(CHILD, Optional.of(AGENT));
            awaitLanguage(memory, CHILD, Language.PYTHON);
            ends(AGENT);

            assertThat(memory.language(AGENT)).isEqualTo(Language.PYTHON);
            assertThat(memory.executable(AGENT)).contains("/usr/bin/python3.11");
        }
    }

    @Test
    void aForkRunsTheProgramOfItsParent() throws IOException {
        try (ProgramMemory memory = memory()) {
            runs(AGENT, "/usr/bin/ruby3.1");
            memory.runs(AGENT, Optional.empty());
            memory.runs(CHILD, Optional.of(AGENT));

            awaitLanguage(memory, CHILD, Language.RUBY);
        }
    }

    @Test
    void whatRanBeforeAnExecThatWasNotSeenIsForgotten() throws IOException {
        try (ProgramMemory memory = memory()) {
            runs(AGENT, "/usr/bin/dash");
            memory.runs(AGENT, Optional.empty());
            memory.runs(CHILD, Optional.of(AGENT));
            awaitLanguage(memory, CHILD, Language.SHELL);

            memory.runs(CHILD, Optional.empty());

            awaitLanguage(memory, CHILD, Language.UNKNOWN);
        }
    }
}
