/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.lang.foreign.MemorySegment;

/** Receives records where they lie. */
@FunctionalInterface
public interface RecordHandler {
    /**
     * One record. The memory is valid, and may be read, only until this returns.
     *
     * @param memory what the record lies in
     * @param offset where it starts, a multiple of 8
     * @param length its length in bytes
     */
    void record(MemorySegment memory, long offset, int length);
}
