/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.lang.foreign.MemorySegment;

/**
 * The data of a ring buffer of the kernel. Every page of it that is mapped counts as resident memory of this process, read or
 * not: a piece is mapped when it is first read, and the reader lets go of all when it has time. Not thread-safe.
 */
final class MappedRingArea implements RingArea, AutoCloseable {
    private static final long PIECE = 1 << 20;

    /** In the map's file, before the data: the consumer's and the producer's page. */
    private static final int PAGES_BEFORE = 2;

    private final int descriptor;
    private final long size;
    private final Mapping[] pieces;

    MappedRingArea(int descriptor, long size) {
        this.descriptor = descriptor;
        this.size = size;
        pieces = new Mapping[(int) (size / pieceSize())];
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public long pieceSize() {
        return Math.min(size, PIECE);
    }

    @Override
    public MemorySegment piece(int number) {
        if (pieces[number] == null) {
            long offset = PAGES_BEFORE * PageSize.bytes() + number * pieceSize();
            pieces[number] = Mapping.of(descriptor, offset, pieceSize(), Libc.PROT_READ, "the ring buffer");
        }
        return pieces[number].segment();
    }

    @Override
    public void release() {
        for (int number = 0; number < pieces.length; number++) {
            if (pieces[number] != null) {
                pieces[number].close();
                pieces[number] = null;
            }
        }
    }

    @Override
    public void close() {
        release();
    }
}
