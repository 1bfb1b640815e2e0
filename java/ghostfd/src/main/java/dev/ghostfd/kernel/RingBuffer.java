/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The reading side of a BPF ring buffer (kernel/bpf/ringbuf.c), in place.
 *
 * <pre>
 *   consumer page          producer page          data
 *  +----------------+     +----------------+----------------------------------------+
 *  | consumer_pos   |     | producer_pos   | …cord| hdr|record  hdr|record  hdr|re… |
 *  +----------------+     +----------------+----------------------------------------+
 *   ours to write          the kernel's, read only
 *
 *  header: u32 length | BUSY (bit 31) | DISCARD (bit 30), u32 page offset (the kernel's own)
 * </pre>
 *
 * Positions are 64-bit and only grow; masked, they index the data. The kernel offers the data twice in a row so that no
 * record is ever split, but all that is mapped counts as resident memory: it is read in pieces here, and the rare record that
 * runs over the end of one is joined in a scratch buffer. Not thread-safe: one thread drains.
 */
public final class RingBuffer {
    static final int HEADER_BYTES = 8;
    static final int BUSY = 1 << 31;
    static final int DISCARD = 1 << 30;

    private static final VarHandle POSITION = JAVA_LONG.varHandle();
    private static final VarHandle LENGTH = JAVA_INT.varHandle();

    private final MemorySegment consumer;
    private final MemorySegment producer;
    private final RingArea data;
    private final long mask;
    private final long pieceMask;
    private final int pieceShift;
    private MemorySegment scratch = MemorySegment.ofArray(new long[32]);

    /**
     * @param consumer at least the 8 bytes of the consumer position, writable
     * @param producer at least the 8 bytes of the producer position
     * @param data the data area
     */
    RingBuffer(MemorySegment consumer, MemorySegment producer, RingArea data) {
        this.consumer = consumer;
        this.producer = producer;
        this.data = data;
        long size = data.size();
        long pieceSize = data.pieceSize();
        if (Long.bitCount(size) != 1 || Long.bitCount(pieceSize) != 1) {
            throw new IllegalArgumentException("ring buffer size is not a power of two: " + size);
        }
        this.mask = size - 1;
        this.pieceMask = pieceSize - 1;
        this.pieceShift = Long.numberOfTrailingZeros(pieceSize);
    }

    /** Size of the data area in bytes. */
    public long size() {
        return mask + 1;
    }

    /** Bytes that wait to be read, headers included. */
    public long used() {
        return produced() - consumed();
    }

    /** Bytes ever reserved, headers included: what was reserved before this call lies below. */
    public long produced() {
        return (long) POSITION.getAcquire(producer, 0L);
    }

    /** Bytes ever read, headers included. */
    public long consumed() {
        return (long) POSITION.getAcquire(consumer, 0L);
    }

    /**
     * Hands every committed record up to the limit to the handler, in the order in which they were reserved, and gives the
     * space back. When the handler throws, the record at fault counts as read.
     *
     * @param limit stop after about this many bytes, so that the caller can do something else between
     * @return bytes given back
     */
    public long drain(RecordHandler handler, long limit) {
        long start = consumed();
        /* Pairs with the producer's release store: what was reserved before it is visible after. */
        long end = Math.min(produced(), start + limit);
        long position = start;
        long before = position - 1;
        while (position < end && position != before) {
            before = position;
            position = drainPiece(handler, position, end);
        }
        return position - start;
    }

    /** Until the end of the piece it begins in, the limit, or a record that is still being written. */
    private long drainPiece(RecordHandler handler, long start, long limit) {
        long base = start & ~pieceMask;
        long end = Math.min(limit, base + pieceMask + 1);
        MemorySegment piece = pieceAt(start);
        long position = start;
        try {
            while (position < end) {
                long offset = position - base;
                /* Pairs with the xchg in bpf_ringbuf_commit(): without BUSY, the record's bytes are there. */
                int header = (int) LENGTH.getAcquire(piece, offset);
                if ((header & BUSY) != 0) {
                    break;
                }
                int length = header & ~DISCARD;
                position += (length + HEADER_BYTES + 7L) & ~7L;
                if ((header & DISCARD) != 0) {
                    continue;
                }
                if (offset + HEADER_BYTES + length <= pieceMask + 1) {
                    handler.record(piece, offset + HEADER_BYTES, length);
                } else {
                    handler.record(joined(base + offset + HEADER_BYTES, length), 0, length);
                }
            }
        } finally {
            POSITION.setRelease(consumer, 0L, position);
        }
        return position;
    }

    private MemorySegment pieceAt(long position) {
        return data.piece((int) ((position & mask) >>> pieceShift));
    }

    /** A record that starts before the end of a piece and goes on at the start of the next. */
    private MemorySegment joined(long position, int length) {
        if (scratch.byteSize() < length) {
            scratch = MemorySegment.ofArray(new long[(length + 7) / 8]);
        }
        long done = 0;
        while (done < length) {
            long from = position + done & pieceMask;
            long bytes = Math.min(length - done, pieceMask + 1 - from);
            MemorySegment.copy(pieceAt(position + done), from, scratch, done, bytes);
            done += bytes;
        }
        return scratch;
    }

    /** Gives memory back that reading has taken; what is read next takes it again. */
    public void release() {
        data.release();
    }
}
