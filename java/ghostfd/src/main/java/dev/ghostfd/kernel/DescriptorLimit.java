/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * RLIMIT_NOFILE of a running process: one more than the highest descriptor number it may be given.
 *
 * @param soft what the kernel enforces
 * @param hard how far the process may raise the soft limit itself
 */
public record DescriptorLimit(long soft, long hard) {
    /** asm-generic/resource.h, which x86-64 and arm64 share. */
    private static final int RLIMIT_NOFILE = 7;

    /** struct rlimit64: soft, then hard. */
    private static final long BYTES = 2 * JAVA_LONG.byteSize();

    /**
     * Reads the limit of the process.
     *
     * @param pid of a running process, above 0
     * @throws KernelException if there is no such process or it may not be looked at
     */
    public static DescriptorLimit of(int pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocate(BYTES, JAVA_LONG.byteAlignment());
            check("read the descriptor limit of process " + pid, prlimit(pid, MemorySegment.NULL, limit));
            return new DescriptorLimit(limit.getAtIndex(JAVA_LONG, 0), limit.getAtIndex(JAVA_LONG, 1));
        }
    }

    /** The same with the soft limit raised to the hard one. */
    public DescriptorLimit raised() {
        return new DescriptorLimit(hard, hard);
    }

    /**
     * Makes this the limit of the process, at once and without its help.
     *
     * @param pid of a running process, above 0
     * @throws KernelException if there is no such process or it may not be changed
     */
    public void applyTo(int pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocateFrom(JAVA_LONG, soft, hard);
            check("change the descriptor limit of process " + pid, prlimit(pid, limit, MemorySegment.NULL));
        }
    }

    private static int prlimit(int pid, MemorySegment set, MemorySegment former) {
        /* 0 would be the caller. */
        return pid > 0 ? Libc.prlimit(pid, RLIMIT_NOFILE, set, former) : -Errno.ESRCH;
    }

    private static void check(String operation, int result) {
        if (result < 0) {
            String hint = switch (-result) {
                case Errno.ESRCH -> "see its pid with: pgrep -a NAME";
                case Errno.EPERM -> "another user's process needs CAP_SYS_RESOURCE: use sudo";
                default -> "";
            };
            throw new KernelException(operation, -result, hint);
        }
    }
}
