/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import dev.ghostfd.lifecycle.ProcessId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Names of threads, and what they sleep at, from /proc. A process is looked at once in two seconds at most, and its
 * first {@value #MOST_THREADS} threads only: whoever asks for all leaks asks for the same processes again. Thread-safe.
 */
final class Threads {
    static final int MOST_THREADS = 512;
    private static final int MOST_PROCESSES = 4096;
    private static final long KEPT_NANOS = Duration.ofSeconds(2).toNanos();

    private final Path proc;
    private final Map<ProcessId, Look> looks = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ProcessId, Look> eldest) {
            return size() > MOST_PROCESSES;
        }
    };

    /** Who slept at which descriptor. */
    private record Look(long at, Map<Integer, BlockedThread> byDescriptor) {}

    Threads(Path proc) {
        this.proc = proc;
    }

    /** The name of a thread, if it is still the one that lived at a time; CLOCK_BOOTTIME nanoseconds. */
    Optional<String> name(int tid, long livedAt) {
        /* Not listed there, but found: the folder of any thread. */
        Path task = proc.resolve(Integer.toString(tid));
        if (ProcessStat.read(proc, tid)
                .filter(stat -> stat.hadStartedBy(livedAt))
                .isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(comm(task));
        } catch (IOException | SecurityException gone) {
            return Optional.empty();
        }
    }

    /** A thread that sleeps at a descriptor of its process. */
    Optional<BlockedThread> blockedOn(ProcessId process, int fd) {
        long now = System.nanoTime();
        synchronized (looks) {
            Look known = looks.get(process);
            if (known != null && now - known.at() < KEPT_NANOS) {
                return Optional.ofNullable(known.byDescriptor().get(fd));
            }
        }
        Look look = new Look(now, look(process));
        synchronized (looks) {
            looks.put(process, look);
        }
        return Optional.ofNullable(look.byDescriptor().get(fd));
    }

    private Map<Integer, BlockedThread> look(ProcessId process) {
        Map<Integer, BlockedThread> byDescriptor = new HashMap<>();
        try (Stream<Path> tasks = Files.list(tasks(process))) {
            tasks.limit(MOST_THREADS).forEach(task -> look(task, byDescriptor));
        } catch (IOException | UncheckedIOException | SecurityException gone) {
            return Map.of();
        }
        return byDescriptor;
    }

    private void look(Path task, Map<Integer, BlockedThread> byDescriptor) {
        try {
            /* "running", "-1 SP PC" outside any call, or the call's number and its arguments. */
            String[] call = text(task.resolve("syscall")).strip().split(" ", -1);
            if (call.length < 3 || call[0].startsWith("-")) {
                return;
            }
            Optional<String> name = BlockingCalls.name(Integer.parseInt(call[0]));
            if (name.isEmpty()) {
                return;
            }
            int fd = (int) Long.parseUnsignedLong(call[1].substring(2), 16);
            BlockedThread thread =
                    new BlockedThread(Integer.parseInt(task.getFileName().toString()), comm(task), name.get());
            byDescriptor.put(fd, thread);
        } catch (IOException | SecurityException | NumberFormatException | IndexOutOfBoundsException gone) {
            /* Without one thread, the others still tell. */
        }
    }

    private Path tasks(ProcessId process) {
        return proc.resolve(Integer.toString(process.pid())).resolve("task");
    }

    private static String comm(Path task) throws IOException {
        return text(task.resolve("comm")).strip();
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
