/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.DescriptorSnapshot;
import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;
import dev.ghostfd.lifecycle.Channel;
import dev.ghostfd.lifecycle.DescriptorView;
import dev.ghostfd.lifecycle.End;
import dev.ghostfd.lifecycle.Origin;
import dev.ghostfd.lifecycle.TrackedProcess;
import dev.ghostfd.lifecycle.Tracker;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rules {@code orphaned-pipe} and {@code orphaned-socket}. The kernel says that nobody can write (or read) the other side any
 * more: {@code pipe_inode_info} counts open file descriptions, and a unix socket is marked dead when its last one goes,
 * wherever they are, in tables, in flight over a socket or in the middle of a call. The history says that children of the
 * holder had that side and are gone.
 */
final class OrphanedEnds {
    private static final int LAST_STANDARD = 2;

    private final Tracker tracker;
    private final LeakRegistry registry;
    private final long grace;
    private final Map<LeakKey, Backlog> backlogs = new HashMap<>();

    /** Those all of whose receivers on one side have exited. */
    private final Set<Channel> candidates = new HashSet<>();

    private final Set<LeakKey> watched = new HashSet<>();
    private final Set<LeakKey> orphanedAtStart = new HashSet<>();
    private final Set<LeakKey> standing = new HashSet<>();
    private boolean firstLook = true;
    private long baseline;

    /** Unread bytes, and since when nobody has touched them. */
    private record Backlog(int consumed, int buffered, long since) {}

    OrphanedEnds(Tracker tracker, LeakRegistry registry, long grace) {
        this.tracker = tracker;
        this.registry = registry;
        this.grace = grace;
    }

    void baselineDone(long time) {
        baseline = time;
    }

    void receiversGone(Channel channel) {
        candidates.add(channel);
    }

    /** Whether a snapshot is worth its cost. */
    boolean hasWork() {
        forgetClosed();
        return firstLook
                || !candidates.isEmpty()
                || !orphanedAtStart.isEmpty()
                || registry.hasAny(Rule.ORPHANED_PIPE)
                || registry.hasAny(Rule.ORPHANED_SOCKET);
    }

    private void forgetClosed() {
        candidates.removeIf(channel -> !channel.isHeld());
    }

    /** One end whose other side nobody holds, as the kernel just showed it. */
    void consider(DescriptorSnapshot seen) {
        Kind kind = Kind.of(seen.kind());
        Optional<TrackedProcess> holder = tracker.owner(seen.table());
        Optional<DescriptorView> descriptor = tracker.descriptor(seen.table(), seen.fd());
        Optional<Channel> channel = tracker.channel(kind, seen.inode());
        if (holder.isEmpty()
                || channel.isEmpty()
                || descriptor.isEmpty()
                || descriptor.get().inode() != seen.inode()) {
            return;
        }
        if (seen.fd() <= LAST_STANDARD) {
            /* The slow consumer of a shell pipeline, at work on what its producer left: received at exec, or put there by a
             * shell that runs the last part of a pipeline itself. */
            return;
        }
        if (isPeerGone(seen, descriptor.get().end())) {
            judge(seen, holder.get(), descriptor.get(), channel.get());
        }
    }

    private static boolean isPeerGone(DescriptorSnapshot seen, End end) {
        return switch (end) {
            case READ -> seen.writers() == 0;
            case WRITE -> seen.readers() == 0;
            default -> seen.has(Flags.PAIR) && seen.has(Flags.PEER_CLOSED);
        };
    }

    private void judge(DescriptorSnapshot seen, TrackedProcess holder, DescriptorView descriptor, Channel channel) {
        Rule rule = channel.kind() == Kind.SOCKET ? Rule.ORPHANED_SOCKET : Rule.ORPHANED_PIPE;
        LeakKey key = new LeakKey(rule, holder.id(), seen.fd(), seen.inode());
        Channel.Side other = channel.opposite(descriptor.end(), descriptor.inode());
        Optional<TrackedProcess> child = other.receiverBelow(holder);
        long since;
        if (child.isPresent()) {
            if (!other.allExited()) {
                return;
            }
            since = Math.max(other.lastExit(), 0);
        } else if (descriptor.origin() == Origin.BEFORE_START && wasOrphanedAtStart(key)) {
            since = baseline;
        } else {
            return;
        }
        boolean canRead = descriptor.end() != End.WRITE;
        boolean unread = canRead && seen.buffered() != 0;
        long quietSince = canRead ? Math.max(since, untouchedSince(key, seen, since)) : since;
        if (seen.time() - quietSince < grace) {
            return;
        }
        boolean reopenable = seen.has(Flags.LINKED);
        Confidence confidence = unread || reopenable || child.isEmpty() ? Confidence.SUSPECTED : Confidence.CONFIRMED;
        registry.report(
                key,
                Leak.ofDescriptor(
                        key,
                        confidence,
                        holder,
                        new Leak.Descriptor(descriptor, seen.has(Flags.CLOEXEC)),
                        child.map(TrackedProcess::view),
                        Optional.of(new Leak.Peer(
                                seen.readers(), seen.writers(), Integer.toUnsignedLong(seen.buffered()), List.of())),
                        since));
    }

    /** Without history a pipe end counts only if it had no peer from the first look on: what happens later has a history. */
    private boolean wasOrphanedAtStart(LeakKey key) {
        if (firstLook) {
            orphanedAtStart.add(key);
        }
        standing.add(key);
        return orphanedAtStart.contains(key);
    }

    /** The end is, or just was, being drained if its read position or its fill has moved since it was last looked at. */
    private long untouchedSince(LeakKey key, DescriptorSnapshot seen, long since) {
        watched.add(key);
        Backlog before = backlogs.get(key);
        if (before != null && before.consumed() == seen.consumed() && before.buffered() == seen.buffered()) {
            return before.since();
        }
        /* Empty at the first look: nothing says that it was read just now. */
        long touched = before == null && seen.buffered() == 0 ? since : seen.time();
        backlogs.put(key, new Backlog(seen.consumed(), seen.buffered(), touched));
        return touched;
    }

    void endSweep() {
        firstLook = false;
        // Nobody asks for work here while others have some.
        forgetClosed();
        orphanedAtStart.retainAll(standing);
        standing.clear();
        backlogs.keySet().retainAll(watched);
        watched.clear();
    }
}
