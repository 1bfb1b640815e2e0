/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.code;

import java.util.Optional;

/**
 * Memory of a process that holds code: one line of /proc/PID/maps.
 *
 * @param start first address
 * @param end the address after the last
 * @param offset of the first byte in the file
 * @param inode 0 where there is no file
 * @param path as the process sees it; empty for code made at run time
 */
public record MappedCode(long start, long end, long offset, long inode, Optional<String> path) {
    static final String VDSO = "[vdso]";

    private static final String DELETED = " (deleted)";
    private static final int FIELDS = 6;

    /** One line; empty when it is not of code or makes no sense. */
    public static Optional<MappedCode> parse(String line) {
        String[] fields = line.split(" +", FIELDS);
        if (fields.length < FIELDS - 1 || fields[1].indexOf('x') < 0) {
            return Optional.empty();
        }
        String[] range = fields[0].split("-", 2);
        try {
            return Optional.of(new MappedCode(
                    Long.parseUnsignedLong(range[0], 16),
                    Long.parseUnsignedLong(range[1], 16),
                    Long.parseUnsignedLong(fields[2], 16),
                    Long.parseLong(fields[4]),
                    path(fields.length < FIELDS ? "" : fields[FIELDS - 1])));
        } catch (NumberFormatException | IndexOutOfBoundsException other) {
            return Optional.empty();
        }
    }

    /** The kernel escapes nothing but line ends. */
    private static Optional<String> path(String field) {
        if (!field.startsWith("/") && !field.equals(VDSO)) {
            return Optional.empty();
        }
        String name = field.replace("\\012", "\n");
        return Optional.of(name.endsWith(DELETED) ? name.substring(0, name.length() - DELETED.length()) : name);
    }

    public boolean holds(long address) {
        return Long.compareUnsigned(address, start) >= 0 && Long.compareUnsigned(address, end) < 0;
    }

    boolean isVdso() {
        return path.filter(VDSO::equals).isPresent();
    }
}
