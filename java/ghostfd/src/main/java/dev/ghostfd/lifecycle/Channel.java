/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.Kind;
import java.util.Optional;

/**
 * A pipe, FIFO or socketpair and the processes that were given its ends. Bounded: of each side the first and the last receiver
 * are remembered, and how many there are.
 */
public final class Channel {
    private final Kind kind;
    private final long inode;

    /** Of a socketpair, the other end's; 0 for as long as it is not known. */
    private long peerInode;

    /** Of a socketpair, the end that was seen first. Made when it is asked for: most pipes are never given to anybody. */
    private Side read;

    private Side write;

    /** Slots that hold an end, in distinct pages. */
    int slots;

    /** Who made it; null when it was not seen. */
    TrackedProcess maker;

    private boolean forgotten;

    Channel(Kind kind, long inode) {
        this.kind = kind;
        this.inode = inode;
    }

    public Kind kind() {
        return kind;
    }

    /** Of a socketpair, that of the end that was seen first. */
    public long inode() {
        return inode;
    }

    /** Of a socketpair, that of the other end; 0 for other kinds, and when it was not seen. */
    public long peerInode() {
        return peerInode;
    }

    /** Whether any table known here still holds an end. */
    public boolean isHeld() {
        return !forgotten && slots > 0;
    }

    void forget() {
        forgotten = true;
    }

    /** Who made it, when that was seen. */
    public Optional<TrackedProcess> maker() {
        return Optional.ofNullable(maker);
    }

    /** The other end of a socketpair, seen as a channel of its own so far, becomes this one's second side. */
    void join(Channel other) {
        peerInode = other.inode;
        write = other.readSide();
        slots += other.slots;
        other.forget();
    }

    /** Who was given this end. A socketpair's ends are told apart by their inodes, those of a pipe by their direction. */
    public Side side(End end, long endInode) {
        if (kind == Kind.SOCKET) {
            return endInode == inode ? readSide() : writeSide();
        }
        return end == End.READ ? readSide() : writeSide();
    }

    private Side readSide() {
        if (read == null) {
            read = new Side();
        }
        return read;
    }

    private Side writeSide() {
        if (write == null) {
            write = new Side();
        }
        return write;
    }

    /** Who was given the end opposite to this one. */
    public Side opposite(End end, long endInode) {
        return side(end, endInode) == read ? writeSide() : readSide();
    }

    /** One end's receivers: processes that had it at exec, or that never ran exec and had it from their fork. */
    public static final class Side {
        private TrackedProcess first;
        private TrackedProcess firstChild;
        private TrackedProcess firstStandard;
        private TrackedProcess lastStandard;
        private TrackedProcess last;
        private int live;
        private int received;
        private long lastExit;

        void receivedBy(TrackedProcess process, TrackedProcess maker) {
            if (first == null) {
                first = process;
            }
            if (firstChild == null && maker != null && process.wasForkedBy(maker)) {
                firstChild = process;
            }
            last = process;
            live++;
            received++;
        }

        /** A child of the maker received it as its standard input, output or error. */
        void receivedAsStandardBy(TrackedProcess process) {
            if (firstStandard == null) {
                firstStandard = process;
            }
            lastStandard = process;
        }

        /** Whether this process is one of those remembered. */
        boolean knows(TrackedProcess process) {
            return first == process || last == process;
        }

        void exited(long time) {
            live--;
            lastExit = Math.max(lastExit, time);
        }

        /** How many processes received it, ever. */
        public int received() {
            return received;
        }

        /** Whether every receiver has exited, and there was one. */
        public boolean allExited() {
            return received > 0 && live == 0;
        }

        /** When the last receiver exited, CLOCK_BOOTTIME nanoseconds; 0 if none has. */
        public long lastExit() {
            return lastExit;
        }

        /** The maker's child that this end was made for: the first that had it as stdio, or else the first that had it. */
        public Optional<TrackedProcess> madeFor() {
            return Optional.ofNullable(firstStandard == null ? firstChild : firstStandard);
        }

        /** Whether that child had it as stdio, which nobody has by mistake. */
        public boolean wasMeant() {
            return firstStandard != null;
        }

        /** Whether the maker gave this end to another child as well, as stdio. */
        public boolean wasGivenAgain() {
            return firstStandard != lastStandard;
        }

        /** The receiver that descends from this process; the one it was made for, if that is still known. */
        public Optional<TrackedProcess> receiverBelow(TrackedProcess ancestor) {
            if (first != null && first.descendsFrom(ancestor)) {
                return Optional.of(first);
            }
            return last != null && last.descendsFrom(ancestor) ? Optional.of(last) : Optional.empty();
        }
    }
}
