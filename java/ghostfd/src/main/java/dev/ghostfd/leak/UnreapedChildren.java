/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;
import dev.ghostfd.event.TaskSnapshot;
import dev.ghostfd.lifecycle.Origin;
import dev.ghostfd.lifecycle.TrackedProcess;
import dev.ghostfd.lifecycle.Tracker;
import java.util.Optional;

/** Rule {@code unreaped-child}: the kernel shows a zombie, and it has been one for longer than the grace. */
final class UnreapedChildren {
    private final Tracker tracker;
    private final LeakRegistry registry;
    private final long grace;
    private long baseline;

    UnreapedChildren(Tracker tracker, LeakRegistry registry, long grace) {
        this.tracker = tracker;
        this.registry = registry;
        this.grace = grace;
    }

    void baselineDone(long time) {
        baseline = time;
    }

    /** One task, as the kernel just showed it. */
    void consider(TaskSnapshot seen) {
        if (!seen.has(Flags.ZOMBIE)) {
            return;
        }
        Optional<TrackedProcess> zombie =
                tracker.process(seen.tgid()).filter(known -> known.id().startTime() == seen.start());
        Optional<TrackedProcess> parent = tracker.process(seen.parent()).filter(known -> !known.hasExited());
        if (zombie.isEmpty() || parent.isEmpty() || !zombie.get().hasExited()) {
            return;
        }
        boolean before = zombie.get().exitedAt() == 0;
        long since = before ? baseline : zombie.get().exitedAt();
        if (seen.time() - since < grace) {
            return;
        }
        LeakKey key = new LeakKey(Rule.UNREAPED_CHILD, parent.get().id(), seen.tgid(), seen.start());
        registry.report(
                key,
                new Leak(
                        key.id(),
                        Rule.UNREAPED_CHILD,
                        Confidence.CONFIRMED,
                        Kind.PROCESS,
                        before ? Origin.BEFORE_START : Origin.TRACED,
                        Leak.Holder.of(parent.get()),
                        Optional.empty(),
                        Optional.of(zombie.get().view()),
                        Optional.empty(),
                        1,
                        since,
                        Optional.empty()));
    }
}
