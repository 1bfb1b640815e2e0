/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Pieces that can be read until they are released, and throw from then on. */
final class PiecewiseArea implements RingArea {
    private final MemorySegment data;
    private final long pieceSize;
    private Lease lease = new Lease();

    /** From one release to the next. */
    private static final class Lease {
        final Arena arena = Arena.ofConfined();
    }

    PiecewiseArea(MemorySegment data, long pieceSize) {
        this.data = data;
        this.pieceSize = pieceSize;
    }

    @Override
    public long size() {
        return data.byteSize();
    }

    @Override
    public long pieceSize() {
        return pieceSize;
    }

    @Override
    @SuppressWarnings("restricted") // a view of the same memory that ends with the lease
    public MemorySegment piece(int number) {
        MemorySegment piece = data.asSlice(number * pieceSize, pieceSize);
        return MemorySegment.ofAddress(piece.address()).reinterpret(pieceSize, lease.arena, null);
    }

    @Override
    public void release() {
        lease.arena.close();
        lease = new Lease();
    }
}
