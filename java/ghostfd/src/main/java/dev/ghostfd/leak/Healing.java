/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.DescriptorSnapshot;
import dev.ghostfd.event.TaskSnapshot;
import dev.ghostfd.kernel.Tracer;
import dev.ghostfd.lifecycle.Origin;
import dev.ghostfd.lifecycle.SnapshotMerge;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Keeps the tables true to the kernel's: by a baseline at the start, at once when events were lost, and now and then in
 * between for what no tracepoint shows. Owned by the consumer thread.
 */
final class Healing {
    private final Tracer tracer;
    private final Detector detector;
    private final EventStream events;
    private final LongSupplier clock;
    private final long interval;
    private final TaskSnapshot task = new TaskSnapshot();
    private final DescriptorSnapshot descriptor = new DescriptorSnapshot();
    private final Map<String, Long> resyncs = new TreeMap<>();
    private long lossesSeen;
    private long lossesAtMerge;
    private long lastMerge;
    private boolean merged;
    private boolean settled;

    Healing(Tracer tracer, Detector detector, EventStream events, LongSupplier clock, long interval) {
        this.tracer = tracer;
        this.detector = detector;
        this.events = events;
        this.clock = clock;
        this.interval = interval;
    }

    /** The first snapshot. Events that gathered since the programs were attached are read after it. */
    void baseline() {
        merge(Origin.BEFORE_START);
        detector.baselineDone(clock.getAsLong());
        merged = true;
    }

    /** Compares with the kernel if there is a reason to; called at each sweep. */
    void healIfNeeded() {
        long now = clock.getAsLong();
        String reason = reason(now);
        if (reason.isEmpty()) {
            return;
        }
        /* Whatever was reserved before the snapshot is applied before it, so nothing older can undo it. */
        tracer.ring().drain(events, tracer.ring().size());
        resyncs.merge(reason, 1L, Long::sum);
        merge(Origin.SNAPSHOT);
    }

    private String reason(long now) {
        if (tracer.losses().total() != lossesAtMerge) {
            return "events_lost";
        }
        if (detector.tracker().strayEvents() != 0) {
            return "stray_events";
        }
        return now - lastMerge >= interval ? "periodic" : "";
    }

    private void merge(Origin origin) {
        lossesAtMerge = tracer.losses().total();
        SnapshotMerge merge = detector.tracker().merge();
        lastMerge = clock.getAsLong();
        settled = false;
        merge.begin(lastMerge, origin);
        tracer.snapshots().tasks(TaskSnapshot.BYTES, (memory, offset, length) -> merge.task(task.wrap(memory, offset)));
        tracer.snapshots()
                .descriptors(
                        DescriptorSnapshot.BYTES,
                        (memory, offset, length) -> merge.descriptor(descriptor.wrap(memory, offset)));
        merge.end();
    }

    /** To be called when the ring has been read empty; true when that completes a merge. */
    boolean ringEmpty() {
        if (settled) {
            return false;
        }
        settled = true;
        detector.tracker().merge().countRepairs();
        return true;
    }

    /** Notes losses; true when there are new ones. */
    boolean lost() {
        long total = tracer.losses().total();
        boolean more = total != lossesSeen;
        lossesSeen = total;
        return more;
    }

    boolean baselineDone() {
        return merged;
    }

    /** Whether the tables are, as far as is known, those of the kernel. */
    boolean complete() {
        return merged && settled && lossesSeen == lossesAtMerge;
    }

    Map<String, Long> resyncs() {
        return Map.copyOf(resyncs);
    }
}
