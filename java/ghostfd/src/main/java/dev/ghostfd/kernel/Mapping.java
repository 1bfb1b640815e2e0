/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.lang.foreign.MemorySegment;

/** Memory of a BPF map, shared with the kernel for as long as this is open. */
@SuppressWarnings("restricted") // this package is where native code is called
final class Mapping implements AutoCloseable {
    private final MemorySegment segment;
    private boolean closed;

    private Mapping(MemorySegment segment) {
        this.segment = segment;
    }

    /** Maps part of a map; length and offset are multiples of the page size. */
    static Mapping of(int fd, long offset, long length, int protection, String what) {
        long address = Libc.mmap(length, protection, Libc.MAP_SHARED, fd, offset);
        if (address < 0 && address > -4096) {
            throw new KernelException("map " + what + " into memory", (int) -address, "");
        }
        return new Mapping(MemorySegment.ofAddress(address).reinterpret(length));
    }

    MemorySegment segment() {
        return segment;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Libc.munmap(segment);
        }
    }
}
