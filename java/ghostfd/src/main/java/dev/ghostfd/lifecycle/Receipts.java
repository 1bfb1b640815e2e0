/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.Kind;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;

/** Keeps which process was given which pipe end, and tells when the last of them is gone. */
final class Receipts {
    private final Pipes pipes;
    private final LifecycleListener listener;

    Receipts(Pipes pipes, LifecycleListener listener) {
        this.pipes = pipes;
        this.listener = listener;
    }

    /** The process has these descriptors from others: by exec, or by fork when it never ran exec. */
    void received(TrackedProcess process, DescriptorTable table) {
        received(process, table, _ -> true);
    }

    /** The same for pipes whose inode passes. */
    void received(TrackedProcess process, DescriptorTable table, LongPredicate inodes) {
        if (table.open(Kind.PIPE) + table.open(Kind.FIFO) == 0) {
            return;
        }
        table.forEach((fd, words, base) -> {
            if (Slot.isPipe(words[base]) && inodes.test(words[base + Slot.INODE])) {
                Pipe pipe = pipes.find(words[base], words[base + Slot.INODE]);
                End end = Slot.end(words[base]);
                if (pipe != null && end != End.NONE) {
                    note(process, pipe, end);
                }
            }
        });
    }

    static void note(TrackedProcess process, Pipe pipe, End end) {
        if (end == End.BOTH) {
            note(process, pipe, End.READ);
            note(process, pipe, End.WRITE);
            return;
        }
        Pipe.Side side = pipe.side(end);
        if (!side.knows(process)) {
            process.receipts.add(new TrackedProcess.Receipt(pipe, end));
            side.receivedBy(process);
        }
    }

    /** Who is found holding a pipe has received it if a forebear of his holds it too. */
    void foundHolding(Collection<TrackedProcess> processes) {
        Map<TrackedProcess, Set<Long>> held = new HashMap<>();
        for (TrackedProcess process : processes) {
            received(process, process.table, inode -> {
                for (TrackedProcess up = process.forebear(); up != null; up = up.forebear()) {
                    if (held.computeIfAbsent(up, Receipts::pipesOf).contains(inode)) {
                        return true;
                    }
                }
                return false;
            });
        }
    }

    private static Set<Long> pipesOf(TrackedProcess process) {
        Set<Long> inodes = new HashSet<>();
        process.table.forEach((fd, words, base) -> {
            if (Slot.isPipe(words[base])) {
                inodes.add(words[base + Slot.INODE]);
            }
        });
        return inodes;
    }

    void exited(TrackedProcess process, long time) {
        for (TrackedProcess.Receipt receipt : process.receipts) {
            Pipe.Side side = receipt.pipe().side(receipt.end());
            side.exited(time);
            if (side.allExited() && receipt.pipe().isHeld()) {
                listener.receiversGone(receipt.pipe(), receipt.end());
            }
        }
        process.receipts.clear();
    }
}
