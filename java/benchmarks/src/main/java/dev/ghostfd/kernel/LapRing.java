/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A ring buffer in ordinary memory whose records fill it exactly, the rest being one discarded record. So a lap later the
 * same bytes are the next records, and offering them again costs one store.
 */
public final class LapRing {
    private static final int PAGE = 4096;
    private static final long BATCH = 1 << 20;

    private final MemorySegment producer = Arena.global().allocate(PAGE, PAGE);
    private final MemorySegment data;
    private final RingBuffer ring;

    /** A ring with these records, of the smallest size that fits. */
    public LapRing(List<MemorySegment> records) {
        long bytes = Long.BYTES;
        for (MemorySegment memory : records) {
            bytes += memory.byteSize() + Long.BYTES;
        }
        data = Arena.global().allocate(Math.max(PAGE, Long.highestOneBit(bytes - 1) << 1), PAGE);
        long at = 0;
        for (MemorySegment memory : records) {
            data.set(JAVA_INT, at, (int) memory.byteSize());
            MemorySegment.copy(memory, 0, data, at + Long.BYTES, memory.byteSize());
            at += memory.byteSize() + Long.BYTES;
        }
        data.set(JAVA_INT, at, (int) (data.byteSize() - at - Long.BYTES) | RingBuffer.DISCARD);
        ring = new RingBuffer(Arena.global().allocate(PAGE, PAGE), producer, RingArea.of(data));
    }

    /** Where the records lie, each behind its header of 8 bytes. */
    public MemorySegment data() {
        return data;
    }

    /** Offers all records once, and reads them as the consumer thread does. */
    public void drain(RecordHandler handler) {
        producer.set(JAVA_LONG, 0, ring.consumed() + data.byteSize());
        while (ring.used() > 0) {
            ring.drain(handler, BATCH);
        }
    }
}
