/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.EventStream;
import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;

/**
 * What a busy node tells, with as many descriptors open at the end of {@link #stream} as before it, so that it can be told
 * again and again. One process after the other, at random, either replaces any of its descriptors, or opens and closes one
 * more, or starts a child with a pipe as its stdout: pipe, fork, dup2, exec with its census, three libraries, exit, reaped.
 */
public final class MixedLife {
    private static final int FIRST_PID = 1000;
    private static final int CHILD_PID = 1_000_000;
    private static final int STANDARD = 3;

    /** Inode and open file description of /dev/null. */
    private static final long NULL = 9;

    private final Random random = new Random(42);
    private final EventStream start = new EventStream();
    private final EventStream stream = new EventStream();
    private final int each;

    /** The number that a process has closed and will open again; 0 for none. */
    private final int[] holes;

    private long file = 1 << 20;
    private int children;

    /**
     * Makes both streams.
     *
     * @param processes how many there are all the time
     * @param each how many descriptors each of them has
     * @param events length of the stream that repeats
     * @param childEvery a child's life, 21 events, begins every so many; 0 for none
     */
    public MixedLife(int processes, int each, int events, int childEvery) {
        this.each = each;
        holes = new int[processes];
        for (int process = 0; process < processes; process++) {
            start.appear(FIRST_PID + process, table(process));
            for (int fd = 0; fd < STANDARD; fd++) {
                start.open(FIRST_PID + process, table(process), fd, Kind.DEVICE, Flags.READ, NULL, NULL);
            }
            for (int fd = STANDARD; fd < each; fd++) {
                open(start, process, fd);
            }
        }
        while (stream.size() < events - processes - 2 * STANDARD * STANDARD) {
            if (childEvery > 0 && stream.size() / childEvery >= children) {
                child(random.nextInt(processes));
            } else {
                churn(random.nextInt(processes));
            }
        }
        for (int process = 0; process < processes; process++) {
            if (holes[process] != 0) {
                open(stream, process, holes[process]);
            }
        }
        while (stream.size() < events - 1) {
            churnOneMore(0);
        }
        if (stream.size() < events) {
            stream.close(FIRST_PID, table(0), each + STANDARD);
        }
    }

    /** Brings the processes and their descriptors into being. */
    public List<MemorySegment> start() {
        return start.records();
    }

    /** What can be told again and again. */
    public List<MemorySegment> stream() {
        return stream.records();
    }

    private static long table(int process) {
        /* As the kernel's side makes them: a hash. */
        return (process + 1) * 0x9E37_79B9_7F4A_7C15L;
    }

    private void open(EventStream to, int process, int fd) {
        file += 64;
        to.open(FIRST_PID + process, table(process), fd, Kind.FILE, Flags.READ, file, file);
    }

    private void churn(int process) {
        if (holes[process] != 0) {
            open(stream, process, holes[process]);
            holes[process] = 0;
        } else if (random.nextBoolean()) {
            holes[process] = STANDARD + random.nextInt(each - STANDARD);
            stream.close(FIRST_PID + process, table(process), holes[process]);
        } else {
            churnOneMore(process);
        }
    }

    private void churnOneMore(int process) {
        open(stream, process, each);
        stream.close(FIRST_PID + process, table(process), each);
    }

    private void child(int process) {
        children++;
        int parent = FIRST_PID + process;
        final int child = CHILD_PID + random.nextInt(CHILD_PID);
        long own = table(CHILD_PID + random.nextInt(CHILD_PID));
        long inode = file += 64;
        long readEnd = file += 64;
        long writeEnd = file += 64;
        stream.open(parent, table(process), each, Kind.PIPE, Flags.READ, inode, readEnd);
        stream.open(parent, table(process), each + 1, Kind.PIPE, Flags.WRITE, inode, writeEnd);
        final long born = stream.fork(parent, table(process), child, own);
        stream.open(child, own, 1, Kind.PIPE, Flags.WRITE, inode, writeEnd);
        stream.exec(child, own, born, "child");
        stream.census(child, own, 0, Kind.DEVICE, Flags.READ, NULL, NULL);
        stream.census(child, own, 1, Kind.PIPE, Flags.WRITE, inode, writeEnd);
        stream.census(child, own, 2, Kind.DEVICE, Flags.READ, NULL, NULL);
        stream.censusEnd(child, own);
        stream.close(parent, table(process), each + 1);
        for (int library = 0; library < STANDARD; library++) {
            stream.open(child, own, STANDARD, Kind.FILE, Flags.READ, 7, file += 64);
            stream.close(child, own, STANDARD);
        }
        stream.exit(child, own, born);
        stream.close(parent, table(process), each);
    }
}
