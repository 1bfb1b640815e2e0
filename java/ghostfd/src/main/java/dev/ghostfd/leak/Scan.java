/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.DescriptorSnapshot;
import dev.ghostfd.event.TaskSnapshot;
import dev.ghostfd.kernel.Tracer;
import java.util.Set;
import java.util.function.LongSupplier;

/** What can be said of a node from the kernel's tables alone: two looks, a second apart. */
public final class Scan {
    private static final long PAUSE_MILLIS = 1_000;

    /** A little less than the pause, so that the second look reports what has not moved since the first. */
    private static final long GRACE = 900_000_000L;

    private Scan() {}

    /**
     * Looks twice and tells what stood still.
     *
     * @param clock CLOCK_BOOTTIME nanoseconds
     */
    public static NodeView of(Tracer tracer, LongSupplier clock) throws InterruptedException {
        Analysis analysis = new Analysis(GRACE, TracingOptions.GROWTH_WINDOW);
        Healing healing = new Healing(tracer, analysis, analysis, clock, Long.MAX_VALUE);
        healing.baseline();
        look(tracer, analysis, clock);
        Thread.sleep(PAUSE_MILLIS);
        look(tracer, analysis, clock);
        return new Publisher(tracer, analysis, healing).publish(clock.getAsLong());
    }

    private static void look(Tracer tracer, Feed feed, LongSupplier clock) {
        tracer.snapshots().tasks(TaskSnapshot.BYTES, feed::sweepTask);
        tracer.snapshots().candidates(Set.of(), DescriptorSnapshot.BYTES, feed::sweepCandidate);
        feed.endSweep(clock.getAsLong());
    }
}
