/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.Kind;
import dev.ghostfd.lifecycle.Channel;
import dev.ghostfd.lifecycle.DescriptorView;
import dev.ghostfd.lifecycle.End;
import dev.ghostfd.lifecycle.TrackedProcess;
import dev.ghostfd.lifecycle.Tracker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rules {@code inherited-pipe} and {@code stray-inherited}: the child that a pipe or socketpair was made for has exited, and
 * others live on with its end. If the maker waits at the other end, it waits for them; if it has left as well, they hold
 * what is of use to nobody.
 */
final class BereavedChannels {
    private final Tracker tracker;
    private final LeakRegistry registry;
    private final long grace;
    private final Set<Channel> candidates = new HashSet<>();
    private final Map<Channel, Traffic> traffic = new HashMap<>();

    /** What lay in the channel, and since when nobody has touched it. */
    private record Traffic(int consumed, int buffered, long since) {}

    BereavedChannels(Tracker tracker, LeakRegistry registry, long grace) {
        this.tracker = tracker;
        this.registry = registry;
        this.grace = grace;
    }

    void childGone(Channel channel) {
        candidates.add(channel);
    }

    /** Adds what has to be looked at to judge. */
    void watch(Set<Long> inodes) {
        candidates.removeIf(channel -> !channel.isHeld());
        traffic.keySet().retainAll(candidates);
        for (Channel channel : candidates) {
            inodes.add(channel.inode());
            if (channel.peerInode() != 0) {
                inodes.add(channel.peerInode());
            }
        }
    }

    void judge(SeenEnds seen, long now) {
        for (Channel channel : candidates) {
            List<SeenEnds.SeenEnd> ends = new ArrayList<>(seen.withInode(channel.inode(), channel.kind()));
            if (channel.peerInode() != 0) {
                ends.addAll(seen.withInode(channel.peerInode(), Kind.SOCKET));
            }
            if (!ends.isEmpty() && channel.maker().isPresent()) {
                judge(channel, channel.maker().get(), ends, now);
            }
        }
    }

    private void judge(Channel channel, TrackedProcess maker, List<SeenEnds.SeenEnd> ends, long now) {
        long quiet = quietSince(channel, ends.getFirst(), now);
        for (End end : List.of(End.READ, End.WRITE)) {
            Channel.Side side = channel.side(end, end == End.READ ? channel.inode() : channel.peerInode());
            Optional<TrackedProcess> child = side.madeFor().filter(TrackedProcess::hasExited);
            if (child.isEmpty() || now - Math.max(child.get().exitedAt(), quiet) < grace) {
                continue;
            }
            List<SeenEnds.SeenEnd> ofMaker =
                    ends.stream().filter(one -> one.holder() == maker).toList();
            if (ofMaker.isEmpty()) {
                stray(side, child.get(), maker, ends);
            } else {
                inherited(channel, side, child.get(), maker, ends);
            }
        }
    }

    /** Whoever still moves bytes is at work, whoever made it. */
    private long quietSince(Channel channel, SeenEnds.SeenEnd end, long now) {
        Traffic before = traffic.get(channel);
        if (before != null && before.consumed() == end.consumed() && before.buffered() == end.buffered()) {
            return before.since();
        }
        long since = before == null ? 0 : now;
        traffic.put(channel, new Traffic(end.consumed(), end.buffered(), since));
        return since;
    }

    private static boolean isOn(Channel channel, Channel.Side side, SeenEnds.SeenEnd end) {
        return channel.side(end.canRead() ? End.READ : End.WRITE, end.inode()) == side;
    }

    private void inherited(
            Channel channel,
            Channel.Side side,
            TrackedProcess child,
            TrackedProcess maker,
            List<SeenEnds.SeenEnd> ends) {
        List<SeenEnds.SeenEnd> keepers =
                ends.stream().filter(end -> isOn(channel, side, end)).toList();
        boolean makerKeepsIt = keepers.stream().anyMatch(end -> end.holder() == maker);
        if (keepers.isEmpty() || makerKeepsIt || side.wasGivenAgain()) {
            return;
        }
        /* Who is not below the maker did not inherit it: it was sent to him. */
        if (!keepers.stream().allMatch(end -> end.holder().descendsFrom(maker))) {
            return;
        }
        List<Leak.PeerHolder> holders =
                keepers.stream().map(end -> keeper(end, maker)).toList();
        /* Several children that hold it above stdio may be meant to: then the maker waits for the last of them. */
        if (!side.wasMeant()
                && holders.stream().anyMatch(holder -> holder.cause().equals("sibling"))) {
            return;
        }
        for (SeenEnds.SeenEnd end : ends) {
            /* At a write end nobody waits for an EOF. */
            if (end.holder() == maker && !isOn(channel, side, end) && end.canRead()) {
                report(Rule.INHERITED_PIPE, end, child, holders);
            }
        }
    }

    private static Leak.PeerHolder keeper(SeenEnds.SeenEnd end, TrackedProcess maker) {
        TrackedProcess holder = end.holder();
        Optional<TrackedProcess> up = Optional.of(holder);
        while (up.isPresent() && up.get() != maker && !up.get().wasForkedBy(maker)) {
            up = up.get().above();
        }
        /* A live child of the maker stands above it, and that is not the one that has exited. */
        boolean sibling = up.isPresent() && up.get() != maker;
        return new Leak.PeerHolder(holder.id().pid(), holder.comm(), end.fd(), sibling ? "sibling" : "descendant");
    }

    private void stray(Channel.Side side, TrackedProcess child, TrackedProcess maker, List<SeenEnds.SeenEnd> ends) {
        /* Somebody's stdio is at one end: then it is in use. */
        if (!side.wasMeant() || ends.stream().anyMatch(SeenEnds.SeenEnd::isStandard)) {
            return;
        }
        for (SeenEnds.SeenEnd end : ends) {
            TrackedProcess holder = end.holder();
            if (holder != maker && holder != child && holder.hasExecuted() && wasInherited(end)) {
                report(Rule.STRAY_INHERITED, end, child, List.of());
            }
        }
    }

    /** It was made before its holder was born. */
    private boolean wasInherited(SeenEnds.SeenEnd end) {
        return tracker.descriptor(end.table(), end.fd())
                .map(DescriptorView::openedAt)
                .filter(opened -> opened.isPresent()
                        && opened.getAsLong() < end.holder().id().startTime())
                .isPresent();
    }

    private void report(Rule rule, SeenEnds.SeenEnd end, TrackedProcess child, List<Leak.PeerHolder> holders) {
        Optional<DescriptorView> view =
                tracker.descriptor(end.table(), end.fd()).filter(known -> known.inode() == end.inode());
        if (view.isEmpty()) {
            return;
        }
        LeakKey key = new LeakKey(rule, end.holder().id(), end.fd(), end.inode());
        registry.report(
                key,
                Leak.ofDescriptor(
                        key,
                        Confidence.SUSPECTED,
                        end.holder(),
                        new Leak.Descriptor(view.get(), end.closeOnExec()),
                        Optional.of(child.view()),
                        Optional.of(end.peer(holders)),
                        child.exitedAt()));
    }
}
