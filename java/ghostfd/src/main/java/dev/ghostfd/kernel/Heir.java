/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A process that is given descriptors, and ends when this one does. The last close of an attachment waits for the kernel's RCU
 * grace periods, 30 ms each, one attachment after the other: the heir spends them as it exits, and whoever left them to it
 * does not wait. Nothing else is passed on: whoever reads this process's output must see its end.
 */
final class Heir {
    private static final String PROGRAM = "/bin/sh";

    /** Its stdin is a pipe that nobody writes to, and that ends with this process. The first is what ps shows. */
    private static final List<byte[]> ARGUMENTS = Stream.of("ghostfd: detaching", "-c", "read -r _")
            .map(argument -> argument.getBytes(StandardCharsets.US_ASCII))
            .toList();

    private static final int STDIN = 0;

    private Heir() {}

    /** Whether there is one now; if not, the last close is this process's own. */
    static boolean inherits(Set<Integer> descriptors) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            /* The other end stays open in this process for as long as it lives. */
            return LibcProcess.pipe(ends) == 0 && start(descriptors, ends.get(JAVA_INT, 0), arena);
        } catch (KernelException withoutProc) {
            return false;
        }
    }

    private static boolean start(Set<Integer> descriptors, int stdin, Arena arena) {
        MemorySegment actions = arena.allocate(LibcProcess.SPAWN_STRUCT_BYTES, Long.BYTES);
        int failed = LibcProcess.actionsInit(actions);
        failed |= LibcProcess.actionsAdddup2(actions, stdin, STDIN);
        for (int fd : GivenDescriptors.open()) {
            if (descriptors.contains(fd)) {
                failed |= LibcProcess.actionsAdddup2(actions, fd, fd);
            } else if (fd != STDIN) {
                failed |= LibcProcess.actionsAddclose(actions, fd);
            }
        }
        if (failed == 0) {
            failed = LibcProcess.spawnp(
                    arena.allocate(JAVA_INT),
                    arena.allocateFrom(PROGRAM),
                    actions,
                    MemorySegment.NULL,
                    LibcProcess.vector(ARGUMENTS, arena));
        }
        LibcProcess.actionsDestroy(actions);
        return failed == 0;
    }
}
