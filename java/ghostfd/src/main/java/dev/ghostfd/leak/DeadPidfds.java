/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.DescriptorSnapshot;
import dev.ghostfd.event.Flags;
import dev.ghostfd.lifecycle.ChildView;
import dev.ghostfd.lifecycle.DescriptorView;
import dev.ghostfd.lifecycle.TrackedProcess;
import dev.ghostfd.lifecycle.Tracker;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Rule {@code dead-pidfd}: the kernel shows a pidfd whose process has exited, and it has for longer than the grace. */
final class DeadPidfds {
    private final Tracker tracker;
    private final LeakRegistry registry;
    private final long grace;
    private final Map<LeakKey, Long> since = new HashMap<>();
    private final Set<LeakKey> standing = new HashSet<>();

    DeadPidfds(Tracker tracker, LeakRegistry registry, long grace) {
        this.tracker = tracker;
        this.registry = registry;
        this.grace = grace;
    }

    /** One pidfd whose process has exited, as the kernel just showed it. */
    void consider(DescriptorSnapshot seen) {
        if (!seen.has(Flags.PEER_CLOSED)) {
            return;
        }
        Optional<TrackedProcess> holder = tracker.owner(seen.table());
        Optional<DescriptorView> descriptor = tracker.descriptor(seen.table(), seen.fd());
        if (holder.isEmpty() || descriptor.isEmpty() || descriptor.get().inode() != seen.inode()) {
            return;
        }
        LeakKey key = new LeakKey(Rule.DEAD_PIDFD, holder.get().id(), seen.fd(), seen.file());
        standing.add(key);
        int pid = (int) seen.peer();
        Optional<ChildView> child = tracker.children(holder.get()).stream()
                .filter(known -> known.id().pid() == pid && known.exit().isPresent())
                .reduce((_, later) -> later);
        long exited =
                child.map(ChildView::exitedAt).orElse(OptionalLong.empty()).orElse(seen.time());
        long first = since.computeIfAbsent(
                key, _ -> Math.max(exited, descriptor.get().openedAt().orElse(exited)));
        if (seen.time() - first < grace) {
            return;
        }
        registry.report(
                key,
                Leak.ofDescriptor(
                        key,
                        Confidence.CONFIRMED,
                        holder.get(),
                        new Leak.Descriptor(descriptor.get(), seen.has(Flags.CLOEXEC)),
                        child,
                        Optional.empty(),
                        first));
    }

    void endSweep() {
        since.keySet().retainAll(standing);
        standing.clear();
    }
}
