/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.unwind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ghostfd.attribution.ProcessStat;
import dev.ghostfd.attribution.code.MappedCode;
import dev.ghostfd.lifecycle.ProcessId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The memory of a shell, which becomes another program when it is told to. */
class MemoryMapsTest {
    private static final Path PROC = Path.of("/proc");
    private static final long NANOS_PER_TICK = 10_000_000L;
    private static final int SHELL = 1;
    private static final int SLEEP = 2;

    private final MemoryMaps maps = new MemoryMaps(PROC, new CodeModules(false));
    private Process process;
    private ProcessId id;

    @BeforeEach
    void start() throws IOException {
        process = new ProcessBuilder("sh", "-c", "read line; exec sleep 60").start();
        int pid = (int) process.pid();
        await().until(() -> program().endsWith("sh"));
        id = new ProcessId(pid, ProcessStat.read(PROC, pid).orElseThrow().startTicks() * NANOS_PER_TICK);
    }

    @AfterEach
    void stop() {
        process.destroyForcibly();
    }

    private String program() throws IOException {
        return Files.readSymbolicLink(PROC.resolve(process.pid() + "/exe"))
                .toString()
                .replaceFirst("dash$", "sh");
    }

    private void becomeSleep() throws IOException {
        process.getOutputStream().write("\n".getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        await().until(() -> program().endsWith("sleep"));
    }

    private List<Long> code() {
        try (var lines = Files.lines(PROC.resolve(process.pid() + "/maps"), StandardCharsets.ISO_8859_1)) {
            return lines.flatMap(line -> MappedCode.parse(line).stream())
                    .map(MappedCode::start)
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void holdsAllExecutableMemoryOfTheProgram() {
        MemoryMap map = maps.of(id, SHELL, 0).orElseThrow();

        assertThat(code()).isNotEmpty().allMatch(map::isExecutable);
        assertThat(List.of(0L, 1L, Long.MAX_VALUE, Long.MIN_VALUE)).noneMatch(map::isExecutable);
    }

    @Test
    void findsTheFilesThatCodeIsIn() {
        MemoryMap map = maps.of(id, SHELL, 0).orElseThrow();
        int first = map.find(map.somewhere());

        assertThat(map.module(first)).isPresent();
        assertThat(map.fileOffset(first, map.somewhere() + 5) - map.fileOffset(first, map.somewhere()))
                .isEqualTo(5);
    }

    @Test
    void readsNothingForAnAddressThatIsKnown() throws IOException {
        long address = maps.of(id, SHELL, 0).orElseThrow().somewhere();
        becomeSleep();

        assertThat(maps.of(id, SHELL, address).orElseThrow().isExecutable(address))
                .isTrue();
    }

    @Test
    void readsAgainWhenTheProcessExecutesAnotherProgram() throws IOException {
        long address = maps.of(id, SHELL, 0).orElseThrow().somewhere();
        becomeSleep();

        assertThat(code()).allMatch(maps.of(id, SLEEP, address).orElseThrow()::isExecutable);
    }

    @Test
    void readsAgainForAnAddressThatWasNotThere() throws IOException {
        maps.of(id, SHELL, 0);
        becomeSleep();
        long address = code().getFirst();

        await().until(() -> maps.of(id, SHELL, address).orElseThrow().isExecutable(address));
    }

    @Test
    void keepsWhatItKnowsOfAProcessThatIsGone() throws InterruptedException {
        long address = maps.of(id, SHELL, 0).orElseThrow().somewhere();
        process.destroyForcibly().waitFor();

        assertThat(maps.of(id, SHELL, address).orElseThrow().isExecutable(address))
                .isTrue();
        assertThat(maps.of(id, SLEEP, address)).isEmpty();
    }
}
