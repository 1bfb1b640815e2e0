/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.DescriptorSnapshot;
import dev.ghostfd.event.TaskSnapshot;
import dev.ghostfd.lifecycle.End;
import dev.ghostfd.lifecycle.LifecycleListener;
import dev.ghostfd.lifecycle.Pipe;
import dev.ghostfd.lifecycle.TrackedProcess;
import dev.ghostfd.lifecycle.Tracker;
import java.util.List;

/** All rules over one lifecycle. What it is fed, live or replayed, decides what it finds. Owned by the consumer thread. */
public final class Detector implements LifecycleListener {
    private final LeakRegistry registry = new LeakRegistry();
    private final Tracker tracker = new Tracker(this);
    private final OrphanedPipes orphanedPipes;
    private final UnreapedChildren unreapedChildren;

    /**
     * Starts with nothing known.
     *
     * @param grace how long a condition must hold before it is reported, nanoseconds
     */
    public Detector(long grace) {
        orphanedPipes = new OrphanedPipes(tracker, registry, grace);
        unreapedChildren = new UnreapedChildren(tracker, registry, grace);
    }

    public Tracker tracker() {
        return tracker;
    }

    /**
     * The first snapshot has been merged.
     *
     * @param time CLOCK_BOOTTIME nanoseconds
     */
    public void baselineDone(long time) {
        orphanedPipes.baselineDone(time);
        unreapedChildren.baselineDone(time);
    }

    @Override
    public void receiversGone(Pipe pipe, End end) {
        orphanedPipes.receiversGone(pipe);
    }

    @Override
    public void exited(TrackedProcess process) {}

    @Override
    public void reaped(TrackedProcess process) {}

    /** Whether a snapshot of orphaned pipe ends can change anything. */
    public boolean wantsOrphanedPipeEnds() {
        return orphanedPipes.hasWork();
    }

    /** A task, as the kernel shows it in this sweep. */
    public void task(TaskSnapshot task) {
        tracker.merge().refresh(task);
        unreapedChildren.consider(task);
    }

    /** A pipe end whose other side nobody holds, as the kernel shows it in this sweep. */
    public void orphanedPipeEnd(DescriptorSnapshot descriptor) {
        orphanedPipes.consider(descriptor);
    }

    /** All snapshots of this sweep have been fed. */
    public void endSweep() {
        orphanedPipes.endSweep();
        registry.endSweep();
    }

    /** Every leak that stands, oldest first. */
    public List<Leak> leaks() {
        return registry.leaks();
    }

    public List<LeakTotal> totals() {
        return registry.totals();
    }
}
