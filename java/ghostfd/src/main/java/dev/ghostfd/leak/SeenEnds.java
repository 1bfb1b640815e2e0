/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.DescriptorSnapshot;
import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;
import dev.ghostfd.lifecycle.TrackedProcess;
import dev.ghostfd.lifecycle.Tracker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who holds what rules have asked about, as the kernel showed it in this sweep. */
final class SeenEnds {
    private final Tracker tracker;
    private final Map<Long, List<SeenEnd>> byInode = new HashMap<>();
    private final Set<Slot> slots = new HashSet<>();

    private record Slot(long table, int fd) {}

    /**
     * One descriptor.
     *
     * @param holder the oldest process that uses its table
     * @param consumed moves with every buffer read from a pipe
     */
    record SeenEnd(
            TrackedProcess holder,
            long table,
            int fd,
            Kind kind,
            long inode,
            long file,
            boolean canRead,
            boolean closeOnExec,
            int readers,
            int writers,
            int buffered,
            int consumed) {

        boolean isStandard() {
            return fd <= 2;
        }

        Leak.Peer peer(List<Leak.PeerHolder> holders) {
            return new Leak.Peer(readers, writers, Integer.toUnsignedLong(buffered), holders);
        }
    }

    SeenEnds(Tracker tracker) {
        this.tracker = tracker;
    }

    void add(DescriptorSnapshot seen) {
        /* A table that several processes share is shown once for each. */
        if (!slots.add(new Slot(seen.table(), seen.fd()))) {
            return;
        }
        tracker.owner(seen.table())
                .ifPresent(holder -> byInode.computeIfAbsent(seen.inode(), _ -> new ArrayList<>())
                        .add(new SeenEnd(
                                holder,
                                seen.table(),
                                seen.fd(),
                                Kind.of(seen.kind()),
                                seen.inode(),
                                seen.file(),
                                seen.has(Flags.READ),
                                seen.has(Flags.CLOEXEC),
                                seen.readers(),
                                seen.writers(),
                                seen.buffered(),
                                seen.consumed())));
    }

    List<SeenEnd> withInode(long inode, Kind kind) {
        return byInode.getOrDefault(inode, List.of()).stream()
                .filter(end -> end.kind() == kind)
                .toList();
    }

    void clear() {
        byInode.clear();
        slots.clear();
    }
}
