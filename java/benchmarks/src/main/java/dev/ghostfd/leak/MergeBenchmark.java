/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;
import dev.ghostfd.event.SnapshotBuilder;
import dev.ghostfd.lifecycle.Origin;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A node of 250 processes with 4,000 descriptors each, which nothing happens to: the reader's part of the snapshot that is
 * taken every minute, and of a sweep. What the kernel needs to walk the tables comes on top; scripts/bench measures both.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class MergeBenchmark {
    private static final int PROCESSES = 250;
    private static final int EACH = 4000;
    private static final int PIPE_EACH = 16;
    private static final long SECOND = 1_000_000_000L;

    private final Analysis analysis = new Analysis(30 * SECOND, 300 * SECOND);
    private final NodeSnapshot node = new NodeSnapshot(PROCESSES, PROCESSES * EACH);
    private long now = 100 * SECOND;

    /** Shows the node for the first time. */
    @Setup
    public void start() {
        for (int process = 1; process <= PROCESSES; process++) {
            long table = process * 0x9E37_79B9_7F4A_7C15L;
            node.add(new SnapshotBuilder.Task(now, process, process, SECOND)
                    .table(table)
                    .limits(EACH, EACH)
                    .comm("holder"));
            for (int fd = 0; fd < EACH; fd++) {
                long file = (long) process * EACH + fd;
                SnapshotBuilder.Descriptor descriptor =
                        new SnapshotBuilder.Descriptor(now, table, fd).task(process, process);
                if (fd % PIPE_EACH < 2) {
                    int end = fd % PIPE_EACH == 0 ? Flags.READ : Flags.WRITE;
                    descriptor.file(Kind.PIPE, end, file - fd % PIPE_EACH, file).pipe(1, 1, 0, 0);
                } else {
                    descriptor.file(Kind.DEVICE, Flags.READ, 5, file);
                }
                node.add(descriptor);
            }
        }
        merge(Origin.BEFORE_START);
    }

    private void merge(Origin origin) {
        Feed feed = analysis;
        now += SECOND;
        feed.beginMerge(now, origin);
        node.tasks(feed::mergeTask);
        node.descriptors(feed::mergeDescriptor);
        node.tasks(feed::recheckTask);
        feed.endMerge(now);
        feed.settled();
    }

    /** The whole node compared with the tables. */
    @Benchmark
    public long compareAll() {
        merge(Origin.SNAPSHOT);
        if (analysis.detector().tracker().descriptorCount() != (long) PROCESSES * EACH) {
            throw new IllegalStateException("the tables are not those of the snapshot");
        }
        return now;
    }

    /** A sweep without candidates. */
    @Benchmark
    public int sweep() {
        Feed feed = analysis;
        now += SECOND;
        node.tasks(feed::sweepTask);
        feed.endSweep(now);
        return analysis.detector().leaks().size();
    }
}
