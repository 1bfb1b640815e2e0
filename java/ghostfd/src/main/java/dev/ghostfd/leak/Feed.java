/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.lifecycle.Origin;
import java.lang.foreign.MemorySegment;

/**
 * Everything the analysis is ever told, in order: live from the kernel, or from a recording. What it finds depends on
 * nothing else. Times are CLOCK_BOOTTIME nanoseconds; memory is valid only during the call.
 */
interface Feed {
    /** An event record, in the order of the ring. */
    void event(MemorySegment memory, long offset, int length);

    /** A snapshot to be merged starts; all tasks come before the first descriptor. */
    void beginMerge(long now, Origin origin);

    void mergeTask(MemorySegment memory, long offset, int length);

    void mergeDescriptor(MemorySegment memory, long offset, int length);

    /** The same tasks once more, after the last descriptor. */
    void recheckTask(MemorySegment memory, long offset, int length);

    void endMerge(long now);

    /** The events have been read past the last merged snapshot. */
    void settled();

    /** A task as this sweep's snapshot shows it. */
    void sweepTask(MemorySegment memory, long offset, int length);

    /** A descriptor that has lost its peer, or is watched, as this sweep's snapshot shows it. */
    void sweepCandidate(MemorySegment memory, long offset, int length);

    void endSweep(long now);
}
