/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A command in the place of this process: the same process group, terminal, working directory, environment, signal mask
 * and descriptors, as if a shell had run it instead. Java's own ProcessBuilder closes all descriptors but three, and leaves
 * SIGQUIT blocked. Thread-safe; whoever starts it has to call {@link #awaitEnd} once.
 */
public final class CommandProcess {
    private static final int HEXADECIMAL = 16;

    private final int pid;
    private boolean reaped;

    private CommandProcess(int pid) {
        this.pid = pid;
    }

    /** A command that could not be started; the message names it and says why. */
    public static final class NotStarted extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean found;

        NotStarted(String program, int errno) {
            super("cannot start '" + program + "': " + reason(errno));
            found = errno != Errno.ENOENT;
        }

        private static String reason(int errno) {
            return switch (errno) {
                case Errno.ENOENT ->
                    "there is no such program; check the name, PATH, and the first line if it is a script";
                case Errno.EACCES -> "it is not an executable file, or one that may not be run here; see chmod +x";
                case Errno.ENOEXEC ->
                    "it is not a program for this machine; a script needs a first line such as #!/bin/sh";
                default -> Errno.text(errno);
            };
        }

        /** Whether there is such a program at all. */
        public boolean isFound() {
            return found;
        }
    }

    /**
     * Starts it. From here on this process ignores SIGQUIT, which for a JVM means a thread dump on the command's stdout.
     *
     * @param arguments the program, looked up on PATH if without a slash, and its arguments, byte for byte
     * @param given the descriptors it starts with
     */
    public static CommandProcess start(List<byte[]> arguments, GivenDescriptors given) throws NotStarted {
        LibcProcess.ignore(LibcProcess.SIGQUIT);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = arena.allocate(LibcProcess.SPAWN_STRUCT_BYTES, Long.BYTES);
            MemorySegment actions = arena.allocate(LibcProcess.SPAWN_STRUCT_BYTES, Long.BYTES);
            check(LibcProcess.attrInit(attr), "prepare the command");
            check(LibcProcess.actionsInit(actions), "prepare the command");
            restoreSignals(attr, arena);
            given.closeOthers(actions);
            MemorySegment vector = LibcProcess.vector(arguments, arena);
            MemorySegment pid = arena.allocate(JAVA_INT);
            int errno = LibcProcess.spawnp(pid, vector.get(ADDRESS, 0), actions, attr, vector);
            LibcProcess.actionsDestroy(actions);
            if (errno != 0) {
                throw new NotStarted(new String(arguments.getFirst(), StandardCharsets.UTF_8), errno);
            }
            return new CommandProcess(pid.get(JAVA_INT, 0));
        }
    }

    private static void check(int errno, String operation) {
        if (errno != 0) {
            throw new KernelException(operation, errno, "");
        }
    }

    /** The JVM blocks SIGQUIT in its threads, and ignores it by now; the first thread still has the mask it was given. */
    private static void restoreSignals(MemorySegment attr, Arena arena) {
        MemorySegment mask = arena.allocate(LibcProcess.SIGSET_BYTES, Long.BYTES);
        mask.set(JAVA_LONG, 0, blockedAtStart());
        MemorySegment toDefault = arena.allocate(LibcProcess.SIGSET_BYTES, Long.BYTES);
        toDefault.set(JAVA_LONG, 0, 1L << LibcProcess.SIGQUIT - 1);
        check(LibcProcess.attrSetsigmask(attr, mask), "restore signals");
        check(LibcProcess.attrSetsigdefault(attr, toDefault), "restore signals");
        check(
                LibcProcess.attrSetflags(
                        attr, (short) (LibcProcess.POSIX_SPAWN_SETSIGMASK | LibcProcess.POSIX_SPAWN_SETSIGDEF)),
                "restore signals");
    }

    private static long blockedAtStart() {
        String self = Long.toString(ProcessHandle.current().pid());
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/task", self, "status"))) {
                if (line.startsWith("SigBlk:")) {
                    return Long.parseUnsignedLong(
                            line.substring("SigBlk:".length()).strip(), HEXADECIMAL);
                }
            }
        } catch (IOException | NumberFormatException unreadable) {
            return 0;
        }
        return 0;
    }

    public int pid() {
        return pid;
    }

    /** Sends a signal; nothing happens once the command has ended. */
    public synchronized void signal(int number) {
        if (!reaped) {
            int _ = LibcProcess.kill(pid, number);
        }
    }

    /** Waits for the end and collects the child; returns the status as wait(2) reports it. To be called once. */
    public int awaitEnd() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(LibcProcess.SIGINFO_BYTES, Long.BYTES);
            /* Only a look: until it is collected below, its pid cannot become another's, and may be signalled. */
            int result = LibcProcess.waitid(pid, info, LibcProcess.WEXITED | LibcProcess.WNOWAIT);
            while (result == -Errno.EINTR) {
                result = LibcProcess.waitid(pid, info, LibcProcess.WEXITED | LibcProcess.WNOWAIT);
            }
            check(-result, "wait for the command");
            return reap(arena.allocate(JAVA_INT));
        }
    }

    private synchronized int reap(MemorySegment status) {
        reaped = true;
        int result = LibcProcess.waitpid(pid, status, 0);
        check(result < 0 ? -result : 0, "collect the command's status");
        return status.get(JAVA_INT, 0);
    }
}
