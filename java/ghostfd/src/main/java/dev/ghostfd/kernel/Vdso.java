/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The code that the kernel puts into every process, as a file: no path leads to it. */
public final class Vdso {
    private static final int MAX_BYTES = 1 << 20;
    private static final Optional<Path> FILE = copy();

    private Vdso() {}

    /** A copy of this process's, in memory, the same as in all processes of this architecture. */
    public static Optional<Path> file() {
        return FILE;
    }

    private static Optional<Path> copy() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1)) {
            Optional<String> line =
                    lines.filter(mapping -> mapping.endsWith("[vdso]")).findFirst();
            if (line.isEmpty()) {
                return Optional.empty();
            }
            String[] range = line.get().split("[ -]", 3);
            long start = Long.parseUnsignedLong(range[0], 16);
            return copy(start, (int) Math.min(MAX_BYTES, Long.parseUnsignedLong(range[1], 16) - start));
        } catch (IOException | SecurityException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<Path> copy(long start, int length) throws IOException {
        int fd = Libc.memfdCreate("ghostfd-vdso", Libc.MFD_CLOEXEC);
        if (fd < 0) {
            return Optional.empty();
        }
        byte[] code = new byte[length];
        try (RandomAccessFile memory = new RandomAccessFile("/proc/self/mem", "r")) {
            memory.seek(start);
            memory.readFully(code);
        }
        return Optional.of(Files.write(Path.of("/proc/self/fd", Integer.toString(fd)), code));
    }
}
