/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.Event;
import dev.ghostfd.event.Kind;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Keeps which process was given which end of a channel, and tells when they are gone. */
final class Receipts {
    private static final int LAST_STANDARD = 2;

    private final Channels channels;
    private final LifecycleListener listener;

    Receipts(Channels channels, LifecycleListener listener) {
        this.channels = channels;
        this.listener = listener;
    }

    /** The process has these descriptors from others: by exec, or by fork when it never ran exec. */
    void received(TrackedProcess process, DescriptorTable table, boolean byExec) {
        received(process, table, byExec, _ -> true);
    }

    /** The same for channels that pass. */
    private void received(TrackedProcess process, DescriptorTable table, boolean byExec, Predicate<Channel> condition) {
        if (!hasChannels(table)) {
            return;
        }
        table.forEach((fd, words, base) -> {
            long inode = words[base + Slot.INODE];
            Channel channel = channelOf(words, base);
            End end = Slot.end(words[base]);
            if (channel != null && (end != End.NONE || channel.kind() == Kind.SOCKET) && condition.test(channel)) {
                note(process, channel, end, inode, byExec && fd <= LAST_STANDARD);
            }
        });
    }

    /**
     * The process is about to run another program. What close-on-exec takes from it now it has had all the same if it closed
     * the other end by itself, as one does with an end that is meant for the parent.
     */
    void keptUntilExec(TrackedProcess process) {
        Map<Channel, Channel.Side> closed =
                process.inherited != null ? closedSinceFork(process) : closedBeforeItWasSeen(process);
        if (closed.isEmpty()) {
            return;
        }
        process.table.forEach((_, words, base) -> {
            Channel channel = channelOf(words, base);
            Channel.Side other = channel == null ? null : closed.get(channel);
            if (other != null && sideOf(channel, words, base) != other) {
                note(process, channel, Slot.end(words[base]), words[base + Slot.INODE], false);
            }
        });
    }

    private Map<Channel, Channel.Side> closedSinceFork(TrackedProcess process) {
        Map<Channel, Channel.Side> closed = new HashMap<>();
        process.table.forEachGone(process.inherited, (_, words, base) -> {
            Channel channel = channelOf(words, base);
            if (channel != null) {
                closed.put(channel, sideOf(channel, words, base));
            }
        });
        return closed;
    }

    /**
     * A snapshot that fell between a fork and its event leaves unknown what the child was born with. What it holds one side of
     * and whoever it came from the other, it had both sides of.
     */
    private Map<Channel, Channel.Side> closedBeforeItWasSeen(TrackedProcess process) {
        TrackedProcess above = process.hasExecuted() ? null : process.forebear();
        Map<Channel, Set<Channel.Side>> held = above == null ? Map.of() : sidesHeld(process.table);
        if (held.isEmpty()) {
            return Map.of();
        }
        Map<Channel, Channel.Side> closed = new HashMap<>();
        above.table.forEach((_, words, base) -> {
            Channel channel = channelOf(words, base);
            Set<Channel.Side> own = channel == null ? Set.of() : held.getOrDefault(channel, Set.of());
            if (own.size() == 1 && !own.contains(sideOf(channel, words, base))) {
                closed.put(channel, sideOf(channel, words, base));
            }
        });
        return closed;
    }

    private Map<Channel, Set<Channel.Side>> sidesHeld(DescriptorTable table) {
        Map<Channel, Set<Channel.Side>> held = new HashMap<>();
        if (hasChannels(table)) {
            table.forEach((_, words, base) -> {
                Channel channel = channelOf(words, base);
                if (channel != null) {
                    held.computeIfAbsent(channel, _ -> new HashSet<>()).add(sideOf(channel, words, base));
                }
            });
        }
        return held;
    }

    private Channel channelOf(long[] words, int base) {
        return Slot.isChannel(words[base]) ? channels.find(words[base], words[base + Slot.INODE]) : null;
    }

    private static Channel.Side sideOf(Channel channel, long[] words, int base) {
        return channel.side(Slot.end(words[base]), words[base + Slot.INODE]);
    }

    private static boolean hasChannels(DescriptorTable table) {
        return table.open(Kind.PIPE) + table.open(Kind.FIFO) + table.open(Kind.SOCKET) > 0;
    }

    private static void note(TrackedProcess process, Channel channel, End end, long inode, boolean standard) {
        if (end == End.BOTH) {
            note(process, channel, End.READ, inode, standard);
            note(process, channel, End.WRITE, inode, standard);
            return;
        }
        Channel.Side side = channel.side(end, inode);
        if (!side.knows(process)) {
            process.receipts.add(new TrackedProcess.Receipt(channel, side));
            side.receivedBy(process, channel.maker);
        }
        if (standard && channel.maker != null && process.wasForkedBy(channel.maker)) {
            side.receivedAsStandardBy(process);
        }
    }

    /** Who is found holding an end has received it if a forebear of his holds one of the same channel too. */
    void foundHolding(Collection<TrackedProcess> processes) {
        Map<TrackedProcess, Set<Channel>> held = new HashMap<>();
        for (TrackedProcess process : processes) {
            received(process, process.table, false, channel -> {
                for (TrackedProcess up = process.forebear(); up != null; up = up.forebear()) {
                    if (held.computeIfAbsent(up, this::channelsOf).contains(channel)) {
                        return true;
                    }
                }
                return false;
            });
        }
    }

    /**
     * What a process still holds as it exits without exec, when nobody knows what it was born with: it has received what a
     * forebear holds an end of too.
     */
    void heldAtExit(TrackedProcess process, Event event) {
        long head = Slot.head(event.kind(), Origin.TRACED, event.flags());
        Channel channel = Slot.isChannel(head) ? channels.find(head, event.inode()) : null;
        End end = Slot.end(head);
        if (channel == null || channel.maker == process || end == End.NONE && channel.kind() != Kind.SOCKET) {
            return;
        }
        for (TrackedProcess up = process.forebear(); up != null; up = up.forebear()) {
            if (channelsOf(up).contains(channel)) {
                note(process, channel, end, event.inode(), false);
                return;
            }
        }
    }

    private Set<Channel> channelsOf(TrackedProcess process) {
        Set<Channel> all = new HashSet<>();
        process.table.forEach((fd, words, base) -> {
            if (Slot.isChannel(words[base])) {
                all.add(channels.find(words[base], words[base + Slot.INODE]));
            }
        });
        return all;
    }

    void exited(TrackedProcess process, long time) {
        for (TrackedProcess.Receipt receipt : process.receipts) {
            Channel channel = receipt.channel();
            Channel.Side side = receipt.side();
            side.exited(time);
            if (!channel.isHeld()) {
                continue;
            }
            if (side.allExited()) {
                listener.receiversGone(channel);
            }
            if (side.madeFor().filter(child -> child == process).isPresent()) {
                listener.childGone(channel);
            }
        }
        process.receipts.clear();
    }
}
