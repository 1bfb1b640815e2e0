/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.DescriptorSnapshot;
import dev.ghostfd.event.Flags;
import dev.ghostfd.lifecycle.DescriptorView;
import dev.ghostfd.lifecycle.TrackedProcess;
import dev.ghostfd.lifecycle.Tracker;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rule {@code orphaned-pty}: a master whose terminal side was open once and is closed everywhere. The kernel marks the master
 * so ({@code TTY_OTHER_CLOSED}) when the last one closes the terminal side, and takes the mark back when it is opened again;
 * before the first open it is not there.
 */
final class OrphanedPtys {
    private final Tracker tracker;
    private final LeakRegistry registry;
    private final long grace;

    /** Since when each has been seen so: the kernel does not say when it happened. */
    private final Map<LeakKey, Long> since = new HashMap<>();

    private final Set<LeakKey> standing = new HashSet<>();

    OrphanedPtys(Tracker tracker, LeakRegistry registry, long grace) {
        this.tracker = tracker;
        this.registry = registry;
        this.grace = grace;
    }

    /** One master whose other side is closed, as the kernel just showed it. */
    void consider(DescriptorSnapshot seen) {
        if (!seen.has(Flags.MASTER) || !seen.has(Flags.PEER_CLOSED)) {
            return;
        }
        Optional<TrackedProcess> holder = tracker.owner(seen.table());
        Optional<DescriptorView> descriptor = tracker.descriptor(seen.table(), seen.fd());
        if (holder.isEmpty() || descriptor.isEmpty() || descriptor.get().inode() != seen.inode()) {
            return;
        }
        /* All masters have the inode of /dev/ptmx: they are told apart by their open file description. */
        LeakKey key = new LeakKey(Rule.ORPHANED_PTY, holder.get().id(), seen.fd(), seen.file());
        standing.add(key);
        long first = since.computeIfAbsent(key, _ -> seen.time());
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
                        Optional.empty(),
                        Optional.of(new Leak.Peer(0, 0, 0, List.of())),
                        first));
    }

    void endSweep() {
        since.keySet().retainAll(standing);
        standing.clear();
    }
}
