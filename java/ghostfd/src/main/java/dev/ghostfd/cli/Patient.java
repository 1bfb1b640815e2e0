/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A process whose limit can be raised, as /proc shows it.
 *
 * @param comm its name, at most 15 characters
 */
record Patient(int pid, String comm) {
    private static final int PF_KTHREAD = 0x0020_0000;
    /** Fields of /proc/PID/stat after the name in brackets: state is the first, flags the seventh (proc(5)). */
    private static final int STATE = 0;

    private static final int FLAGS = 6;

    /**
     * Looks the process up.
     *
     * @throws IOException with what to do instead, if it is none that has descriptors of its own
     */
    static Patient of(int pid) throws IOException {
        String stat = read(pid, "stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        if ((Integer.parseUnsignedInt(fields[FLAGS]) & PF_KTHREAD) != 0) {
            throw new IOException(
                    "process " + pid + " is a thread of the kernel, which no limit holds; choose a program's pid");
        }
        if (fields[STATE].equals("Z") || fields[STATE].equals("X")) {
            throw new IOException("process " + pid
                    + " has exited and is a zombie without descriptors; its parent has to wait for it");
        }
        int process = threadGroup(pid);
        if (process != pid) {
            throw new IOException(pid + " is a thread of process " + process + "; use --pid=" + process);
        }
        return new Patient(pid, stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')')));
    }

    /** How many descriptors it has open now. */
    int open() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", Integer.toString(pid), "fd"))) {
            return Math.toIntExact(descriptors.count());
        } catch (NoSuchFileException | UncheckedIOException ended) {
            throw new IOException("process " + pid + " has ended", ended);
        } catch (AccessDeniedException foreign) {
            throw new IOException(
                    "cannot count the descriptors of process " + pid + ", another user's; use sudo", foreign);
        }
    }

    private static int threadGroup(int pid) throws IOException {
        List<String> status = read(pid, "status").lines().toList();
        return status.stream()
                .filter(line -> line.startsWith("Tgid:"))
                .mapToInt(line ->
                        Integer.parseInt(line.substring("Tgid:".length()).strip()))
                .findFirst()
                .orElse(pid);
    }

    private static String read(int pid, String file) throws IOException {
        try {
            return Files.readString(Path.of("/proc", Integer.toString(pid), file));
        } catch (IOException none) {
            throw new IOException("there is no process with the pid " + pid + "; find it with: pgrep -a NAME", none);
        }
    }
}
