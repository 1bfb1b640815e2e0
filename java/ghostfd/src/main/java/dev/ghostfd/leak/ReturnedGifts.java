/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.lifecycle.DescriptorView;
import dev.ghostfd.lifecycle.Gift;
import dev.ghostfd.lifecycle.Origin;
import dev.ghostfd.lifecycle.TrackedProcess;
import dev.ghostfd.lifecycle.Tracker;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Rule {@code outlives-child}: exactly one child received it as stdio, the child has exited, and whoever started the child
 * still holds it, nobody else does.
 */
final class ReturnedGifts {
    private final Tracker tracker;
    private final LeakRegistry registry;
    private final long grace;
    private final Set<Gift> candidates = new HashSet<>();

    ReturnedGifts(Tracker tracker, LeakRegistry registry, long grace) {
        this.tracker = tracker;
        this.registry = registry;
        this.grace = grace;
    }

    void returned(Gift gift) {
        /* What was dead when the child got it is a stand-in for stdin, as make's is. */
        if (gift.giver().isPresent() && !gift.wasDead()) {
            candidates.add(gift);
        }
    }

    /** Adds what has to be looked at to judge. */
    void watch(Set<Long> inodes) {
        candidates.removeIf(gift -> !gift.isReturned());
        for (Gift gift : candidates) {
            if (held(gift).isPresent()) {
                inodes.add(gift.inode());
            }
        }
    }

    /** The giver's descriptor, made by itself and not received in turn. */
    private Optional<DescriptorView> held(Gift gift) {
        return gift.giver()
                .filter(giver -> !giver.hasExited())
                .flatMap(giver -> tracker.holdings().descriptorOn(giver, gift.file(), gift.inode()))
                .filter(view -> view.origin() != Origin.BEFORE_START
                        && view.openedAt().orElse(0) <= gift.receiver().exitedAt());
    }

    void judge(SeenEnds seen, long now) {
        for (Iterator<Gift> all = candidates.iterator(); all.hasNext(); ) {
            Gift gift = all.next();
            if (now - gift.receiver().exitedAt() < grace) {
                continue;
            }
            Optional<DescriptorView> view = held(gift);
            if (view.isEmpty()) {
                all.remove();
                tracker.forget(gift);
                continue;
            }
            TrackedProcess giver = gift.giver().orElseThrow();
            List<SeenEnds.SeenEnd> ends = seen
                    .withInode(gift.inode(), view.get().kind())
                    .stream()
                    .filter(end -> end.file() == gift.file())
                    .toList();
            /* Whoever has it as his own stdio as well has only kept a copy of that. */
            if (ends.isEmpty() || ends.stream().anyMatch(end -> end.holder() != giver || end.isStandard())) {
                continue;
            }
            for (SeenEnds.SeenEnd end : ends) {
                if (end.fd() == view.get().fd()) {
                    report(gift, giver, view.get(), end);
                }
            }
        }
    }

    private void report(Gift gift, TrackedProcess giver, DescriptorView view, SeenEnds.SeenEnd end) {
        LeakKey key = new LeakKey(Rule.OUTLIVES_CHILD, giver.id(), view.fd(), view.inode());
        registry.report(
                key,
                Leak.ofDescriptor(
                        key,
                        Confidence.SUSPECTED,
                        giver,
                        new Leak.Descriptor(view, end.closeOnExec()),
                        Optional.of(gift.receiver().view()),
                        view.kind().isPipe() ? Optional.of(end.peer(List.of())) : Optional.empty(),
                        gift.receiver().exitedAt()));
    }
}
