/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.event;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What it costs to check a record and to read every field that an open or close has. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecodeBenchmark {
    private static final int EVENTS = 1 << 16;

    private final Event event = new Event();
    private final MemorySegment records = Arena.global().allocate((long) EVENTS * EventLayout.DESCRIPTOR_BYTES, 8);

    /** Opens and closes in turn. */
    public DecodeBenchmark() {
        EventStream stream = new EventStream();
        while (stream.size() < EVENTS) {
            int number = stream.size();
            stream.open(number, number, number & 1023, Kind.FILE, Flags.READ, number, number);
            stream.close(number, number, number & 1023);
        }
        for (int i = 0; i < EVENTS; i++) {
            MemorySegment one = stream.records().get(i);
            MemorySegment.copy(one, 0, records, (long) i * EventLayout.DESCRIPTOR_BYTES, one.byteSize());
        }
    }

    /** One event. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long decode() {
        long sum = 0;
        for (long at = 0; at < records.byteSize(); at += EventLayout.DESCRIPTOR_BYTES) {
            if (event.wrap(records, at, EventLayout.DESCRIPTOR_BYTES)) {
                sum += event.time() ^ event.table() ^ event.tgid() ^ event.tid() ^ event.fd() ^ event.flags();
                if (event.type() == EventType.OPEN) {
                    sum += event.inode() ^ event.file() ^ event.kind();
                }
            }
        }
        return sum;
    }
}
