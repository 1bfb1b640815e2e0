/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ghostfd.event.EventStream;
import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The ring alone, in ordinary memory: 16 MiB of opens and closes, of each of which one word is read. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RingDrainBenchmark {
    private static final int EVENTS = 1 << 18;

    private final LapRing ring;
    private long sum;

    /** Opens and closes in turn. */
    public RingDrainBenchmark() {
        EventStream stream = new EventStream();
        while (stream.size() < EVENTS) {
            stream.open(2, 2, 3, Kind.FILE, Flags.READ, 4, 5);
            stream.close(2, 2, 3);
        }
        ring = new LapRing(stream.records());
    }

    /** One event. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long drain() {
        ring.drain(this::add);
        return sum;
    }

    private void add(MemorySegment memory, long offset, int length) {
        sum += memory.get(JAVA_LONG, offset);
    }
}
