/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.lang.foreign.MemorySegment;

/** The data area of a ring buffer, in pieces of one size, each of which is read by itself. */
interface RingArea {
    /** Of all pieces, in bytes; a power of two. */
    long size();

    /** Of each piece, in bytes; a power of two. */
    long pieceSize();

    /** One piece, readable until the next {@link #release}. */
    MemorySegment piece(int number);

    /** Gives back the memory of all pieces. */
    void release();

    /** Data that is there in any case, as one piece. */
    static RingArea of(MemorySegment data) {
        return new RingArea() {
            @Override
            public long size() {
                return data.byteSize();
            }

            @Override
            public long pieceSize() {
                return data.byteSize();
            }

            @Override
            public MemorySegment piece(int number) {
                return data;
            }

            @Override
            public void release() {}
        };
    }
}
