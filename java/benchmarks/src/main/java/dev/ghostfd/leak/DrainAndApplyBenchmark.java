/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.kernel.LapRing;
import dev.ghostfd.lifecycle.MixedLife;
import java.lang.foreign.MemorySegment;
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

/** All that the consumer thread does for an event: ring, decoder, tables, processes, rules. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DrainAndApplyBenchmark {
    private static final int EVENTS = 1 << 18;
    private static final int DESCRIPTORS_EACH = 1000;
    private static final long SECOND = 1_000_000_000L;

    private final Analysis analysis = new Analysis(30 * SECOND, 300 * SECOND);

    /** Descriptors open all the time, in tables of 1,000. */
    @Param({"100000"})
    int live;

    /** A child's life, from its pipe to its reaping, begins every so many events; 0: only opens and closes. */
    @Param({"0", "200"})
    int childEvery;

    private LapRing ring;

    /** Brings the processes into being. */
    @Setup
    public void start() {
        MixedLife life = new MixedLife(live / DESCRIPTORS_EACH, DESCRIPTORS_EACH, EVENTS, childEvery);
        for (MemorySegment memory : life.start()) {
            analysis.event(memory, 0, (int) memory.byteSize());
        }
        ring = new LapRing(life.stream());
    }

    /** One event. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long drainAndApply() {
        Feed feed = analysis;
        ring.drain(feed::event);
        if (analysis.detector().tracker().descriptorCount() != live
                || analysis.detector().tracker().strayEvents() != 0) {
            throw new IllegalStateException("the stream does not end where it began");
        }
        return analysis.newest();
    }
}
