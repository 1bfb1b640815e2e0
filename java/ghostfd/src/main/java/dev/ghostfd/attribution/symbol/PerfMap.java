/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a runtime says of the code it compiles, as {@code perf} reads it: /tmp/perf-PID.map, lines of start, size and name.
 * Only read through, never held: such a file may have any size, and anybody can put one there.
 */
final class PerfMap {
    /** Newer code is at the end, so of a larger file that is read. */
    static final long MAX_BYTES = 128 << 20;

    private static final int MAX_LINE = 1024;
    private static final String NAMESPACE_PIDS = "NSpid:";

    private final Path file;

    private PerfMap(Path file) {
        this.file = file;
    }

    /** The file of a process, if it or root has written it. Called after its pid in its own namespace, in its own /tmp. */
    static Optional<PerfMap> of(Path process) {
        try {
            String pid = Files.readAllLines(process.resolve("status"), StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.startsWith(NAMESPACE_PIDS))
                    .map(line -> line.substring(Math.max(line.lastIndexOf('\t'), line.lastIndexOf(' ')) + 1))
                    .findFirst()
                    .orElse("");
            Path map = process.resolve("root/tmp/perf-" + pid + ".map");
            /* A link could lead anywhere: within the container's /tmp, but with our eyes. */
            Object owner = Files.getAttribute(map, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            return Files.isRegularFile(map, LinkOption.NOFOLLOW_LINKS)
                            && List.of(0, Files.getAttribute(process, "unix:uid"))
                                    .contains(owner)
                    ? Optional.of(new PerfMap(map))
                    : Optional.empty();
        } catch (IOException | SecurityException none) {
            return Optional.empty();
        }
    }

    /** The names at some addresses; of code that took the place of other code the last. */
    Map<Long, String> names(List<Long> addresses) {
        long[] wanted = addresses.stream().mapToLong(Long::longValue).sorted().toArray();
        Map<Long, String> found = new HashMap<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), 1 << 16)) {
            in.skipNBytes(Math.max(0, Files.size(file) - MAX_BYTES));
            byte[] line = new byte[MAX_LINE];
            long left = MAX_BYTES;
            for (int length = readLine(in, line); length >= 0 && left > 0; length = readLine(in, line)) {
                left -= length + 1L;
                match(line, length, wanted, found);
            }
        } catch (IOException incomplete) {
            /* What was found so far holds. */
        }
        return found;
    }

    /** The length of the next line, of which the first part is kept; -1 at the end. */
    private static int readLine(InputStream in, byte[] line) throws IOException {
        int length = 0;
        int read = in.read();
        if (read < 0) {
            return -1;
        }
        while (read >= 0 && read != '\n') {
            if (length < line.length) {
                line[length++] = (byte) read;
            }
            read = in.read();
        }
        return length;
    }

    private static void match(byte[] line, int length, long[] wanted, Map<Long, String> found) {
        int first = indexOf(line, length, 0);
        int second = first < 0 ? -1 : indexOf(line, length, first + 1);
        if (second < 0) {
            return;
        }
        long start = hexadecimal(line, 0, first);
        long size = hexadecimal(line, first + 1, second);
        if (start <= 0 || size <= 0) {
            return;
        }
        int at = Arrays.binarySearch(wanted, start);
        for (int i = at < 0 ? -at - 1 : at; i < wanted.length && wanted[i] - start < size; i++) {
            String name = new String(line, second + 1, length - second - 1, StandardCharsets.UTF_8);
            found.put(wanted[i], name.replaceAll("\\p{Cntrl}", "?"));
        }
    }

    private static int indexOf(byte[] line, int length, int from) {
        for (int i = from; i < length; i++) {
            if (line[i] == ' ') {
                return i;
            }
        }
        return -1;
    }

    /** With or without 0x; -1 for what is no number. User addresses are positive. */
    private static long hexadecimal(byte[] line, int from, int to) {
        int start = to - from > 2 && line[from] == '0' && (line[from + 1] | 0x20) == 'x' ? from + 2 : from;
        if (start == to || to - start > 15) {
            return -1;
        }
        long value = 0;
        for (int i = start; i < to; i++) {
            int digit = Character.digit(line[i], 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
