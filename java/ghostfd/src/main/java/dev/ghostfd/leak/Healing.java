/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.DescriptorSnapshot;
import dev.ghostfd.event.TaskSnapshot;
import dev.ghostfd.kernel.Tracer;
import dev.ghostfd.lifecycle.Origin;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Keeps the tables true to the kernel's: by a baseline at the start, at once when events were lost, and now and then in
 * between for what no tracepoint shows. Owned by the consumer thread.
 */
final class Healing {
    private static final String PERIODIC = "periodic";
    private static final long SETTLING = 250_000_000L;

    private final Tracer tracer;
    private final Analysis analysis;
    private final Feed feed;
    private final LongSupplier clock;
    private final long interval;
    private final Map<String, Long> resyncs = new TreeMap<>();
    private long lossesSeen;
    private long lossesAtMerge;
    private long lastMerge;
    private boolean settled;
    private boolean doubtful = true;

    Healing(Tracer tracer, Analysis analysis, Feed feed, LongSupplier clock, long interval) {
        this.tracer = tracer;
        this.analysis = analysis;
        this.feed = feed;
        this.clock = clock;
        this.interval = interval;
    }

    /** The first snapshot. Events that gathered since the programs were attached are read after it. */
    void baseline() {
        merge(Origin.BEFORE_START, clock.getAsLong());
    }

    /** Compares with the kernel if there is a reason to; called at each sweep. */
    void healIfNeeded() {
        /* Before the ring is read: whoever starts while it is has his fork in it. */
        long begun = clock.getAsLong();
        String reason = reason(begun);
        if (reason.isEmpty()) {
            return;
        }
        /* Whatever was reserved before the snapshot is applied before it, so nothing older can undo it. A record that a
         * preempted producer has not finished holds up all behind it: then another time. */
        long reserved = tracer.ring().produced();
        tracer.ring().drain(feed::event, tracer.ring().size());
        if (tracer.ring().consumed() < reserved) {
            return;
        }
        resyncs.merge(reason, 1L, Long::sum);
        merge(Origin.SNAPSHOT, begun);
        /* A look without a reason puts nothing in doubt. */
        doubtful |= !reason.equals(PERIODIC);
    }

    private String reason(long now) {
        if (tracer.losses().total() != lossesAtMerge) {
            return "events_lost";
        }
        if (analysis.detector().tracker().strayEvents() != 0) {
            return "stray_events";
        }
        if (analysis.detector().tracker().hasDoubtfulTables()) {
            return "doubtful_copy";
        }
        return now - lastMerge >= interval ? PERIODIC : "";
    }

    private void merge(Origin origin, long begun) {
        lossesAtMerge = tracer.losses().total();
        lastMerge = clock.getAsLong();
        settled = false;
        feed.beginMerge(begun, origin);
        tracer.snapshots().tasks(TaskSnapshot.BYTES, feed::mergeTask);
        tracer.snapshots().descriptors(DescriptorSnapshot.BYTES, feed::mergeDescriptor);
        tracer.snapshots().tasks(TaskSnapshot.BYTES, feed::recheckTask);
        feed.endMerge(clock.getAsLong());
    }

    /**
     * To be called when the ring has been read empty; true when that completes a merge. A call that the snapshot caught
     * between its effect and its event gets a moment to tell.
     */
    boolean ringEmpty() {
        if (settled || tracer.ring().used() != 0) {
            return false;
        }
        if (analysis.detector().tracker().merge().hasDifferences() && clock.getAsLong() - lastMerge < SETTLING) {
            return false;
        }
        settled = true;
        doubtful = false;
        feed.settled();
        return true;
    }

    /** Notes losses; true when there are new ones. */
    boolean lost() {
        long total = tracer.losses().total();
        boolean more = total != lossesSeen;
        lossesSeen = total;
        return more;
    }

    /** Whether the tables are, as far as is known, those of the kernel. */
    boolean complete() {
        return analysis.baselineDone() && !doubtful && lossesSeen == lossesAtMerge;
    }

    Map<String, Long> resyncs() {
        return Map.copyOf(resyncs);
    }
}
