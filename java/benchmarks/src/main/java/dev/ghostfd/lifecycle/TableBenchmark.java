/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.Event;
import dev.ghostfd.event.EventStream;
import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;
import dev.ghostfd.kernel.LapRing;
import dev.ghostfd.leak.Detector;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What each kind of event costs when one process has all the descriptors, every sixteenth of them an end of a pipe. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TableBenchmark {
    private static final int OPERATIONS = 1 << 10;
    private static final int CHILDREN = 16;
    private static final int PIPE_EACH = 32;
    private static final int PARENT = 1000;
    private static final int CHILD = 2000;
    private static final long TABLE = 0x9E37_79B9_7F4A_7C15L;
    private static final long CHILD_TABLE = 0x3C6E_F372_FE94_F82AL;
    private static final long SECOND = 1_000_000_000L;

    private final Tracker tracker = new Detector(30 * SECOND, 300 * SECOND).tracker();
    private final Event event = new Event();

    /** Descriptors that are open all the time. */
    @Param({"1000", "100000", "1000000"})
    int live;

    private LapRing openAndClose;
    private LapRing forkAndExit;
    private LapRing forkChangeAndExit;
    private LapRing forkExecAndExit;

    private void apply(MemorySegment memory, long offset, int length) {
        if (event.wrap(memory, offset, length)) {
            tracker.apply(event);
        }
    }

    /** Brings the process into being. */
    @Setup
    public void start() {
        EventStream stream = new EventStream();
        stream.appear(PARENT, TABLE);
        for (int fd = 0; fd < live; fd++) {
            if (fd % PIPE_EACH < 2) {
                int flag = fd % PIPE_EACH == 0 ? Flags.READ : Flags.WRITE;
                stream.open(PARENT, TABLE, fd, Kind.PIPE, flag, fd - fd % PIPE_EACH + 1, fd);
            } else {
                stream.open(PARENT, TABLE, fd, Kind.FILE, Flags.READ, fd, fd);
            }
        }
        for (MemorySegment memory : stream.records()) {
            apply(memory, 0, (int) memory.byteSize());
        }
        openAndClose = openAndCloseStream();
        forkAndExit = childStream(false, false);
        forkChangeAndExit = childStream(true, false);
        forkExecAndExit = childStream(true, true);
    }

    private LapRing openAndCloseStream() {
        Random random = new Random(42);
        EventStream stream = new EventStream();
        for (int i = 0; i < OPERATIONS; i++) {
            int fd = random.nextInt(live / PIPE_EACH) * PIPE_EACH + 2 + random.nextInt(PIPE_EACH - 2);
            stream.close(PARENT, TABLE, fd);
            stream.open(PARENT, TABLE, fd, Kind.FILE, Flags.READ, live + i, live + i);
        }
        return new LapRing(stream.records());
    }

    private static LapRing childStream(boolean change, boolean exec) {
        EventStream stream = new EventStream();
        for (int i = 0; i < CHILDREN; i++) {
            final long born = stream.fork(PARENT, TABLE, CHILD, CHILD_TABLE);
            if (change) {
                stream.open(CHILD, CHILD_TABLE, 3, Kind.FILE, Flags.READ, 9, 9);
            }
            if (exec) {
                stream.exec(CHILD, CHILD_TABLE, born, "child");
                stream.census(CHILD, CHILD_TABLE, 3, Kind.FILE, Flags.READ, 9, 9);
                stream.censusEnd(CHILD, CHILD_TABLE);
            }
            stream.exit(CHILD, CHILD_TABLE, born);
        }
        return new LapRing(stream.records());
    }

    private long drain(LapRing ring) {
        ring.drain(this::apply);
        if (tracker.processCount() != 1 || tracker.descriptorCount() != live || tracker.strayEvents() != 0) {
            throw new IllegalStateException("the events do not end where they began");
        }
        return tracker.processCount();
    }

    /** A descriptor at random is closed and opened again: two events. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public long openAndClose() {
        return drain(openAndClose);
    }

    /** A child that ends as it began: fork, exit, reaped. */
    @Benchmark
    @OperationsPerInvocation(CHILDREN)
    public long forkAndExit() {
        return drain(forkAndExit);
    }

    /** A child that changes one descriptor of its own: its table is no longer its parent's. */
    @Benchmark
    @OperationsPerInvocation(CHILDREN)
    public long forkChangeAndExit() {
        return drain(forkChangeAndExit);
    }

    /** A child that changes one descriptor and runs a program: fork, dup2, exec, census, exit, reaped. */
    @Benchmark
    @OperationsPerInvocation(CHILDREN)
    public long forkExecAndExit() {
        return drain(forkExecAndExit);
    }
}
