/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.Event;
import dev.ghostfd.event.EventType;
import dev.ghostfd.event.RecordingWriter;
import dev.ghostfd.lifecycle.Origin;
import java.lang.foreign.MemorySegment;

/** Writes what it is told to a recording, and passes it on. */
final class Recorder implements Feed {
    private final RecordingWriter recording;
    private final Feed next;
    private final Event event = new Event();

    Recorder(RecordingWriter recording, Feed next) {
        this.recording = recording;
        this.next = next;
    }

    @Override
    public void event(MemorySegment memory, long offset, int length) {
        /* A copy of somebody's stack may hold anything, and means nothing without his memory map. */
        if (!event.wrap(memory, offset, length) || event.type() != EventType.STACK) {
            recording.record(Entry.EVENT, memory, offset, length);
        }
        next.event(memory, offset, length);
    }

    @Override
    public void beginMerge(long now, Origin origin) {
        recording.mark(Entry.BEGIN_MERGE, now, origin.ordinal());
        next.beginMerge(now, origin);
    }

    @Override
    public void mergeTask(MemorySegment memory, long offset, int length) {
        recording.record(Entry.MERGE_TASK, memory, offset, length);
        next.mergeTask(memory, offset, length);
    }

    @Override
    public void mergeDescriptor(MemorySegment memory, long offset, int length) {
        recording.record(Entry.MERGE_DESCRIPTOR, memory, offset, length);
        next.mergeDescriptor(memory, offset, length);
    }

    @Override
    public void recheckTask(MemorySegment memory, long offset, int length) {
        recording.record(Entry.RECHECK_TASK, memory, offset, length);
        next.recheckTask(memory, offset, length);
    }

    @Override
    public void endMerge(long now) {
        recording.mark(Entry.END_MERGE, now, 0);
        next.endMerge(now);
    }

    @Override
    public void settled() {
        recording.mark(Entry.SETTLED, 0, 0);
        next.settled();
    }

    @Override
    public void sweepTask(MemorySegment memory, long offset, int length) {
        recording.record(Entry.SWEEP_TASK, memory, offset, length);
        next.sweepTask(memory, offset, length);
    }

    @Override
    public void sweepCandidate(MemorySegment memory, long offset, int length) {
        recording.record(Entry.SWEEP_CANDIDATE, memory, offset, length);
        next.sweepCandidate(memory, offset, length);
    }

    @Override
    public void endSweep(long now) {
        recording.mark(Entry.END_SWEEP, now, 0);
        recording.flush();
        next.endSweep(now);
    }

    /** What an entry of a recording stands for: the call of {@link Feed} it came from. Numbers are part of the format. */
    static final class Entry {
        static final int EVENT = 1;
        static final int BEGIN_MERGE = 2;
        static final int MERGE_TASK = 3;
        static final int MERGE_DESCRIPTOR = 4;
        static final int END_MERGE = 5;
        static final int SETTLED = 6;
        static final int SWEEP_TASK = 7;
        static final int SWEEP_CANDIDATE = 8;
        static final int END_SWEEP = 9;
        static final int RECHECK_TASK = 10;

        private Entry() {}
    }
}
