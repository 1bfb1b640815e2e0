/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import dev.ghostfd.lifecycle.ProcessId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What tells a process from a later one with its pid, and its program from the one it runs after exec.
 *
 * @param startTicks since boot
 * @param layout where code, stack, data and arguments lie: random for each exec, kept by fork
 */
public record ProcessStat(long startTicks, List<String> layout) {
    /** Field 22 of /proc/PID/stat counts in USER_HZ, which is 100 on every architecture. */
    private static final long NANOS_PER_TICK = 10_000_000L;

    /** Positions in /proc/PID/stat, counted from the field after the name, which is the third. */
    private static final int START_TIME = 19;

    private static final int START_CODE = 23;
    private static final int START_STACK = 25;
    private static final int START_DATA = 42;
    private static final int ENVIRONMENT = 47;

    /** Of a process or of any thread; empty when there is none, or none whose stat can be read. */
    public static Optional<ProcessStat> read(Path proc, int pid) {
        try {
            Path file = proc.resolve(Integer.toString(pid)).resolve("stat");
            String stat = Files.readString(file, StandardCharsets.ISO_8859_1);
            List<String> fields =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ", -1));
            List<String> layout = List.of(
                    fields.get(START_CODE), fields.get(START_STACK), fields.get(START_DATA), fields.get(ENVIRONMENT));
            return Optional.of(new ProcessStat(Long.parseLong(fields.get(START_TIME)), layout));
        } catch (IOException | SecurityException | IndexOutOfBoundsException | NumberFormatException gone) {
            return Optional.empty();
        }
    }

    /** Whether it was there at a time; CLOCK_BOOTTIME nanoseconds. */
    boolean hadStartedBy(long time) {
        return startTicks <= time / NANOS_PER_TICK;
    }

    public boolean isOf(ProcessId process) {
        return startTicks == process.startTime() / NANOS_PER_TICK;
    }
}
