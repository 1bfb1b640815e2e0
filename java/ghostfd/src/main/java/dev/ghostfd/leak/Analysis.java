/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.DescriptorSnapshot;
import dev.ghostfd.event.Event;
import dev.ghostfd.event.EventType;
import dev.ghostfd.event.TaskSnapshot;
import dev.ghostfd.lifecycle.Origin;
import dev.ghostfd.lifecycle.SnapshotMerge;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;

/** Lifecycle and rules behind one {@link Feed}; counts what goes in. Owned by one thread. */
final class Analysis implements Feed {
    private final Event event = new Event();
    private final TaskSnapshot task = new TaskSnapshot();
    private final DescriptorSnapshot descriptor = new DescriptorSnapshot();
    private final long[] counts = new long[EventType.COUNT];
    private final Detector detector;
    private final SnapshotMerge merge;
    private StackReader stacks = StackReader.NONE;
    private boolean baseline;
    private long newest;

    /**
     * Starts with nothing known.
     *
     * @param grace nanoseconds
     * @param growthWindow nanoseconds
     */
    Analysis(long grace, long growthWindow) {
        detector = new Detector(grace, growthWindow);
        merge = detector.tracker().merge();
    }

    @Override
    public void event(MemorySegment memory, long offset, int length) {
        if (!event.wrap(memory, offset, length)) {
            counts[0]++;
            return;
        }
        counts[event.type()]++;
        newest = event.time();
        detector.tracker().apply(event);
        if (event.type() == EventType.STACK) {
            detector.tracker()
                    .process(event.tgid())
                    .ifPresent(process -> stacks.read(event, process.id(), process.executions()));
        }
    }

    void readStacksWith(StackReader reader) {
        stacks = reader;
    }

    @Override
    public void beginMerge(long now, Origin origin) {
        merge.begin(now, origin);
    }

    @Override
    public void mergeTask(MemorySegment memory, long offset, int length) {
        merge.task(task.wrap(memory, offset));
    }

    @Override
    public void mergeDescriptor(MemorySegment memory, long offset, int length) {
        merge.descriptor(descriptor.wrap(memory, offset));
    }

    @Override
    public void recheckTask(MemorySegment memory, long offset, int length) {
        merge.recheck(task.wrap(memory, offset));
    }

    @Override
    public void endMerge(long now) {
        merge.end();
        if (!baseline) {
            baseline = true;
            detector.baselineDone(now);
        }
    }

    @Override
    public void settled() {
        merge.settle();
    }

    @Override
    public void sweepTask(MemorySegment memory, long offset, int length) {
        detector.task(task.wrap(memory, offset));
    }

    @Override
    public void sweepCandidate(MemorySegment memory, long offset, int length) {
        detector.candidate(descriptor.wrap(memory, offset));
    }

    @Override
    public void endSweep(long now) {
        detector.endSweep(now);
        for (Leak leak : detector.newLeaks()) {
            leak.descriptor()
                    .flatMap(descriptor -> descriptor.view().callSite())
                    .ifPresent(stacks::found);
        }
    }

    Detector detector() {
        return detector;
    }

    boolean baselineDone() {
        return baseline;
    }

    /** Time of the newest event, CLOCK_BOOTTIME nanoseconds; 0 before the first. */
    long newest() {
        return newest;
    }

    /** Records of a type, or of a size, that this version does not know. */
    long unknown() {
        return counts[0];
    }

    Map<String, Long> counts() {
        Map<String, Long> byLabel = new TreeMap<>();
        for (int type = 1; type < EventType.COUNT; type++) {
            byLabel.put(EventType.label(type), counts[type]);
        }
        return byLabel;
    }
}
