/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The kernel's side of a ring buffer. Every record starts with its number, and the rest of its bytes follow from that.
 */
final class RingWriter {
    private record Reserved(long position, int length) {}

    private final MemorySegment consumer = MemorySegment.ofArray(new long[1]);
    private final MemorySegment producer = MemorySegment.ofArray(new long[1]);
    private final MemorySegment data;
    private final TreeMap<Integer, Reserved> open = new TreeMap<>();
    private final TreeMap<Integer, Boolean> discarded = new TreeMap<>();
    private int reserved;

    RingWriter(MemorySegment data, long start) {
        this.data = data;
        consumer.set(JAVA_LONG, 0, start);
        producer.set(JAVA_LONG, 0, start);
    }

    RingBuffer reader() {
        return new RingBuffer(consumer, producer, RingArea.of(data));
    }

    /** Reads the same in pieces. */
    RingBuffer reader(long pieceSize) {
        return new RingBuffer(consumer, producer, new PiecewiseArea(data, pieceSize));
    }

    /** The record's number, or -1 when there is no room for it. Its length is rounded up to hold the number. */
    int reserve(int wanted) {
        int length = Math.max(wanted, Integer.BYTES);
        long position = producer.get(JAVA_LONG, 0);
        long end = position + (length + 8 + 7 & ~7);
        if (end - consumer.get(JAVA_LONG, 0) > data.byteSize()) {
            return -1;
        }
        data.set(JAVA_INT, index(position), length | RingBuffer.BUSY);
        open.put(reserved, new Reserved(position, length));
        for (int i = 0; i < length; i++) {
            data.set(JAVA_BYTE, index(position + 8 + i), content(reserved, i));
        }
        producer.set(JAVA_LONG, 0, end);
        return reserved++;
    }

    private long index(long position) {
        return position & data.byteSize() - 1;
    }

    private static byte content(int number, int i) {
        return (byte) (i < Integer.BYTES ? number >> 8 * i : number + i);
    }

    /** Reads a record's number, and whether all its bytes are its own. */
    static int check(MemorySegment memory, long offset, int length) {
        int number = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            number |= (memory.get(JAVA_BYTE, offset + i) & 0xff) << 8 * i;
        }
        for (int i = 0; i < length; i++) {
            assertThat(memory.get(JAVA_BYTE, offset + i)).isEqualTo(content(number, i));
        }
        return number;
    }

    void submit(int number) {
        finish(number, false);
    }

    void discard(int number) {
        finish(number, true);
    }

    private void finish(int number, boolean discard) {
        Reserved record = open.remove(number);
        discarded.put(number, discard);
        data.set(JAVA_INT, index(record.position()), record.length() | (discard ? RingBuffer.DISCARD : 0));
    }

    /** Submits or discards any one of the records still open. */
    void finishOne(int choice, boolean discard) {
        if (!open.isEmpty()) {
            List<Integer> numbers = new ArrayList<>(open.keySet());
            finish(numbers.get(choice % numbers.size()), discard);
        }
    }

    void finishAll() {
        List.copyOf(open.keySet()).forEach(this::submit);
    }

    /** The numbers of all records submitted, in the order of their reservation. */
    List<Integer> submitted() {
        return discarded.keySet().stream()
                .filter(number -> !discarded.get(number))
                .toList();
    }
}
