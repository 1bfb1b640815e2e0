/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.EventStream;
import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;
import dev.ghostfd.event.SnapshotBuilder;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A sweep over 500 processes with ten orphaned pipes each: 5,000 leaks, all of them proved again. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class RulesBenchmark {
    private static final int PROCESSES = 500;
    private static final int LEAKS_EACH = 10;
    private static final int FIRST_PID = 1000;
    private static final int CHILD = 10_000;
    private static final long CHILD_TABLE = 0x3C6E_F372_FE94_F82AL;
    private static final long SECOND = 1_000_000_000L;

    private final Analysis analysis = new Analysis(30 * SECOND, 300 * SECOND);
    private final NodeSnapshot node = new NodeSnapshot(PROCESSES, PROCESSES * LEAKS_EACH);
    private long now = 1000 * SECOND;

    /** Lets the processes leak. */
    @Setup
    public void start() {
        EventStream stream = new EventStream();
        for (int process = 0; process < PROCESSES; process++) {
            int pid = FIRST_PID + process;
            long table = (process + 1) * 0x9E37_79B9_7F4A_7C15L;
            node.add(new SnapshotBuilder.Task(now, pid, pid, stream.time())
                    .table(table)
                    .limits(4096, 4096)
                    .comm("leaky"));
            stream.appear(pid, table);
            for (int leak = 0; leak < LEAKS_EACH; leak++) {
                leak(stream, pid, table, 3 + leak);
            }
        }
        for (MemorySegment memory : stream.records()) {
            analysis.event(memory, 0, (int) memory.byteSize());
        }
        analysis.detector().baselineDone(1);
        /* Which bytes lie in a pipe untouched is known from the second look on. */
        sweep();
        now += 100 * SECOND;
    }

    private void leak(EventStream stream, int pid, long table, int fd) {
        long inode = (long) pid * LEAKS_EACH + fd;
        stream.open(pid, table, fd, Kind.PIPE, Flags.READ, inode, 2 * inode);
        stream.open(pid, table, fd + 1, Kind.PIPE, Flags.WRITE, inode, 2 * inode + 1);
        final long born = stream.fork(pid, table, CHILD, CHILD_TABLE);
        stream.open(CHILD, CHILD_TABLE, 1, Kind.PIPE, Flags.WRITE, inode, 2 * inode + 1);
        stream.exec(CHILD, CHILD_TABLE, born, "child");
        stream.census(CHILD, CHILD_TABLE, 1, Kind.PIPE, Flags.WRITE, inode, 2 * inode + 1);
        stream.censusEnd(CHILD, CHILD_TABLE);
        stream.close(pid, table, fd + 1);
        stream.exit(CHILD, CHILD_TABLE, born);
        node.add(new SnapshotBuilder.Descriptor(now + 100 * SECOND, table, fd)
                .task(pid, pid)
                .file(Kind.PIPE, Flags.READ, inode, 2 * inode)
                .pipe(1, 0, 0, 0));
    }

    /** One sweep. */
    @Benchmark
    public int sweep() {
        Feed feed = analysis;
        now += SECOND / 1000;
        node.tasks(feed::sweepTask);
        node.descriptors(feed::sweepCandidate);
        feed.endSweep(now);
        return analysis.detector().leaks().size();
    }

    /** Makes sure that there was something to sweep. */
    @TearDown
    public void check() {
        if (analysis.detector().leaks().size() != PROCESSES * LEAKS_EACH) {
            throw new IllegalStateException(analysis.detector().leaks().size() + " leaks");
        }
    }
}
