/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.DescriptorSnapshot;
import dev.ghostfd.event.Kind;
import dev.ghostfd.event.TaskSnapshot;
import dev.ghostfd.lifecycle.Channel;
import dev.ghostfd.lifecycle.Gift;
import dev.ghostfd.lifecycle.LifecycleListener;
import dev.ghostfd.lifecycle.ProcessId;
import dev.ghostfd.lifecycle.Tracker;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All rules over one lifecycle. What it is fed, live or replayed, decides what it finds. Owned by the consumer thread. */
public final class Detector implements LifecycleListener {
    private final LeakRegistry registry = new LeakRegistry();
    private final Tracker tracker = new Tracker(this);
    private final SeenEnds seen = new SeenEnds(tracker);
    private final OrphanedEnds orphanedEnds;
    private final OrphanedPtys orphanedPtys;
    private final DeadPidfds deadPidfds;
    private final ReturnedGifts returnedGifts;
    private final BereavedChannels bereavedChannels;
    private final GrowingCounts growingCounts;
    private final UnreapedChildren unreapedChildren;

    /**
     * Starts with nothing known.
     *
     * @param grace how long a condition must hold before it is reported, nanoseconds
     * @param growthWindow how long a count must rise steadily before it is reported, nanoseconds
     */
    public Detector(long grace, long growthWindow) {
        orphanedEnds = new OrphanedEnds(tracker, registry, grace);
        orphanedPtys = new OrphanedPtys(tracker, registry, grace);
        deadPidfds = new DeadPidfds(tracker, registry, grace);
        returnedGifts = new ReturnedGifts(tracker, registry, grace);
        bereavedChannels = new BereavedChannels(tracker, registry, grace);
        growingCounts = new GrowingCounts(tracker, registry, growthWindow);
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
        orphanedEnds.baselineDone(time);
        unreapedChildren.baselineDone(time);
    }

    @Override
    public void receiversGone(Channel channel) {
        orphanedEnds.receiversGone(channel);
    }

    @Override
    public void childGone(Channel channel) {
        bereavedChannels.childGone(channel);
    }

    @Override
    public void returned(Gift gift) {
        returnedGifts.returned(gift);
    }

    /** Inodes that the next snapshot of candidates should show whatever their state. */
    public Set<Long> watchedInodes() {
        Set<Long> inodes = new HashSet<>();
        returnedGifts.watch(inodes);
        bereavedChannels.watch(inodes);
        return inodes;
    }

    /** Whether a snapshot of candidates can change anything, even if no inode is watched. */
    public boolean wantsCandidates() {
        return orphanedEnds.hasWork()
                || tracker.holdings().hasAnyPtyMaster()
                || tracker.holdings().hasAny(Kind.PIDFD);
    }

    /** A task, as the kernel shows it in this sweep. */
    public void task(TaskSnapshot task) {
        tracker.merge().refresh(task);
        unreapedChildren.consider(task);
    }

    /** A descriptor that has lost what is at its other end, or is watched, as the kernel shows it in this sweep. */
    public void candidate(DescriptorSnapshot descriptor) {
        switch (Kind.of(descriptor.kind())) {
            case PTY -> orphanedPtys.consider(descriptor);
            case PIDFD -> deadPidfds.consider(descriptor);
            default -> orphanedEnds.consider(descriptor);
        }
        seen.add(descriptor);
    }

    /**
     * All snapshots of this sweep have been fed.
     *
     * @param now CLOCK_BOOTTIME nanoseconds
     */
    public void endSweep(long now) {
        orphanedEnds.endSweep();
        orphanedPtys.endSweep();
        deadPidfds.endSweep();
        returnedGifts.judge(seen, now);
        bereavedChannels.judge(seen, now);
        seen.clear();
        growingCounts.judge(now);
        registry.endSweep();
    }

    /** Every leak that stands, oldest first. */
    public List<Leak> leaks() {
        return registry.leaks();
    }

    /** Those that the last sweep found for the first time. */
    List<Leak> newLeaks() {
        return registry.newLeaks();
    }

    public List<LeakTotal> totals() {
        return registry.totals();
    }

    /** How all that a process holds grows, when it does. */
    public Optional<Leak.Growing> growth(ProcessId process) {
        return growingCounts.of(process);
    }
}
