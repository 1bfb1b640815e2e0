/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.DescriptorSnapshot;
import dev.ghostfd.event.TaskSnapshot;
import dev.ghostfd.kernel.Tracer;
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
        Detector detector = new Detector(GRACE);
        EventStream events = new EventStream(detector.tracker());
        Healing healing = new Healing(tracer, detector, events, clock, Long.MAX_VALUE);
        healing.baseline();
        look(tracer, detector);
        Thread.sleep(PAUSE_MILLIS);
        look(tracer, detector);
        return new Publisher(tracer, detector, events, healing).publish(clock.getAsLong());
    }

    private static void look(Tracer tracer, Detector detector) {
        TaskSnapshot task = new TaskSnapshot();
        DescriptorSnapshot descriptor = new DescriptorSnapshot();
        tracer.snapshots()
                .tasks(TaskSnapshot.BYTES, (memory, offset, length) -> detector.task(task.wrap(memory, offset)));
        tracer.snapshots()
                .orphanedPipeEnds(
                        DescriptorSnapshot.BYTES,
                        (memory, offset, length) -> detector.orphanedPipeEnd(descriptor.wrap(memory, offset)));
        detector.endSweep(false);
    }
}
