/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;

/**
 * How one descriptor is packed into four longs, 32 bytes. The number itself is the position in the table.
 *
 * <pre>
 *  word 0  kind u8 | origin u8 | flags u16 | call site u32
 *  word 1  inode
 *  word 2  time opened, 42 bits of 2^16 ns (9 years; 0 unknown) | tid that opened it, 22 bits
 *  word 3  identity of the open file description
 * </pre>
 */
final class Slot {
    static final int WORDS = 4;
    static final int INODE = 1;
    static final int OPENED = 2;
    static final int FILE = 3;

    private static final int TIME_SHIFT = 16;
    private static final int TID_BITS = 22;
    private static final long TID_MASK = (1L << TID_BITS) - 1;
    private static final Origin[] ORIGINS = Origin.values();
    private static final int END_FLAGS = Flags.READ | Flags.WRITE | Flags.PAIR | Flags.MASTER;

    private Slot() {}

    static long head(int kind, Origin origin, int flags) {
        /* What a newer object may say, and what says nothing, is kept as something without a name. */
        int known = kind > 0 && kind < Kind.PROCESS.ordinal() ? kind : Kind.ANON.ordinal();
        return known | (long) origin.ordinal() << 8 | (long) (flags & END_FLAGS) << 16;
    }

    static long withCallSite(long head, int callSite) {
        return head & 0xffff_ffffL | (long) callSite << 32;
    }

    /** A number of {@link CallStacks}, 0 when unknown. */
    static int callSite(long head) {
        return (int) (head >>> 32);
    }

    static int kind(long head) {
        return (int) head & 0xff;
    }

    static Origin origin(long head) {
        return ORIGINS[(int) (head >>> 8) & 0xff];
    }

    static int flags(long head) {
        return (int) (head >>> 16) & 0xffff;
    }

    /** Whether a slot has this descriptor; the kernel soon uses the address of a closed file again, so that alone does not tell. */
    static boolean isSame(long[] words, int base, int kind, long inode, long file) {
        return words[base] != 0
                && words[base + FILE] == file
                && words[base + INODE] == inode
                && kind(words[base]) == kind;
    }

    /** An end of a pipe, FIFO or socketpair. */
    static boolean isChannel(long head) {
        int kind = kind(head);
        return kind == Kind.PIPE.ordinal()
                || kind == Kind.FIFO.ordinal()
                || kind == Kind.SOCKET.ordinal() && (flags(head) & Flags.PAIR) != 0;
    }

    static boolean isMaster(long head) {
        return kind(head) == Kind.PTY.ordinal() && (flags(head) & Flags.MASTER) != 0;
    }

    static long opened(long time, int tid) {
        return time >>> TIME_SHIFT << TID_BITS | tid & TID_MASK;
    }

    /** CLOCK_BOOTTIME nanoseconds, rounded down to 65,536; 0 when unknown. */
    static long time(long opened) {
        return opened >>> TID_BITS << TIME_SHIFT;
    }

    static int tid(long opened) {
        return (int) (opened & TID_MASK);
    }

    static End end(long head) {
        return end(Kind.of(kind(head)), flags(head));
    }

    static End end(Kind kind, int flags) {
        if (kind == Kind.PTY) {
            return (flags & Flags.MASTER) != 0 ? End.MASTER : End.SLAVE;
        }
        if (!kind.isPipe()) {
            return End.NONE;
        }
        return switch (flags & (Flags.READ | Flags.WRITE)) {
            case Flags.READ -> End.READ;
            case Flags.WRITE -> End.WRITE;
            case Flags.READ | Flags.WRITE -> End.BOTH;
            default -> End.NONE;
        };
    }
}
