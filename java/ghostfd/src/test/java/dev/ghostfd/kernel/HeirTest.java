/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HeirTest {
    @Test
    void hasWhatItInheritsAndNothingElse() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            assertThat(LibcProcess.pipe(ends)).isZero();
            int left = ends.getAtIndex(JAVA_INT, 1);

            assertThat(Heir.inherits(Set.of(left))).isTrue();

            // Its arguments are there a moment after vfork has let go of this process.
            ProcessHandle heir =
                    await().until(HeirTest::heir, Optional::isPresent).orElseThrow();
            try {
                await().untilAsserted(() -> assertThat(descriptors(heir)).containsExactlyInAnyOrder(0, left));
            } finally {
                heir.destroyForcibly();
            }
        }
    }

    private static Optional<ProcessHandle> heir() {
        return ProcessHandle.current().children().filter(HeirTest::isHeir).findFirst();
    }

    private static boolean isHeir(ProcessHandle process) {
        try {
            return Files.readString(proc(process).resolve("cmdline")).startsWith("ghostfd: detaching\0");
        } catch (IOException gone) {
            return false;
        }
    }

    private static Set<Integer> descriptors(ProcessHandle process) throws IOException {
        try (Stream<Path> open = Files.list(proc(process).resolve("fd"))) {
            return open.map(descriptor ->
                            Integer.valueOf(descriptor.getFileName().toString()))
                    .collect(Collectors.toSet());
        }
    }

    private static Path proc(ProcessHandle process) {
        return Path.of("/proc", Long.toString(process.pid()));
    }
}
