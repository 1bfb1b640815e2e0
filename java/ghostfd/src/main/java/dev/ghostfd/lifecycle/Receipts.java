/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

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
        if (table.open(Kind.PIPE) + table.open(Kind.FIFO) + table.open(Kind.SOCKET) == 0) {
            return;
        }
        table.forEach((fd, words, base) -> {
            long inode = words[base + Slot.INODE];
            Channel channel = Slot.isChannel(words[base]) ? channels.find(words[base], inode) : null;
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
        if (process.inherited == null) {
            return;
        }
        Map<Channel, Channel.Side> gone = new HashMap<>();
        process.table.forEachGone(process.inherited, (_, words, base) -> {
            if (Slot.isChannel(words[base])) {
                Channel channel = channels.find(words[base], words[base + Slot.INODE]);
                if (channel != null) {
                    gone.put(channel, channel.side(Slot.end(words[base]), words[base + Slot.INODE]));
                }
            }
        });
        if (gone.isEmpty()) {
            return;
        }
        process.table.forEach((_, words, base) -> {
            Channel channel = Slot.isChannel(words[base]) ? channels.find(words[base], words[base + Slot.INODE]) : null;
            Channel.Side closed = channel == null ? null : gone.get(channel);
            if (closed != null && channel.side(Slot.end(words[base]), words[base + Slot.INODE]) != closed) {
                note(process, channel, Slot.end(words[base]), words[base + Slot.INODE], false);
            }
        });
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
