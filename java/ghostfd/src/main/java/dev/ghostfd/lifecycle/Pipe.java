/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import java.util.Optional;

/**
 * A pipe or FIFO and the processes that were given its ends. Bounded: of each side the first and the last receiver are
 * remembered, and how many there are.
 */
public final class Pipe {
    private final long inode;
    private final Side read = new Side();
    private final Side write = new Side();

    /** Slots that hold an end, in distinct pages. */
    int slots;

    private boolean forgotten;

    Pipe(long inode) {
        this.inode = inode;
    }

    public long inode() {
        return inode;
    }

    /** Whether any table known here still holds an end. */
    public boolean isHeld() {
        return !forgotten && slots > 0;
    }

    void forget() {
        forgotten = true;
    }

    /** Who was given the end opposite to this one. */
    public Side opposite(End end) {
        return end == End.READ ? write : read;
    }

    Side side(End end) {
        return end == End.READ ? read : write;
    }

    /** One end's receivers: processes that had it at exec, or that never ran exec and had it from their fork. */
    public static final class Side {
        private TrackedProcess first;
        private TrackedProcess last;
        private int live;
        private int received;
        private long lastExit;

        void receivedBy(TrackedProcess process) {
            if (first == null) {
                first = process;
            }
            last = process;
            live++;
            received++;
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

        /** The receiver that descends from this process; the one it was made for, if that is still known. */
        public Optional<TrackedProcess> receiverBelow(TrackedProcess ancestor) {
            if (first != null && first.descendsFrom(ancestor)) {
                return Optional.of(first);
            }
            return last != null && last.descendsFrom(ancestor) ? Optional.of(last) : Optional.empty();
        }
    }
}
