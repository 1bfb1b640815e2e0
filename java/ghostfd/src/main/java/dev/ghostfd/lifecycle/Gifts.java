/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.Kind;
import java.util.HashSet;
import java.util.Set;

/** Keeps who received what as stdio. Bounded by the processes that live, and by what their starters still hold. */
final class Gifts {
    static final int STANDARD = 3;

    private final LongMap<Gift> byFile = new LongMap<>();
    private final LifecycleListener listener;

    Gifts(LifecycleListener listener) {
        this.listener = listener;
    }

    /**
     * A program has started.
     *
     * @param dead a bit for each of its first three descriptors that is a pipe end without a peer
     */
    void received(TrackedProcess process, DescriptorTable table, int dead) {
        for (int fd = 0; fd < STANDARD; fd++) {
            long[] words = table.words(fd);
            int base = DescriptorTable.base(fd);
            if (words == null || !canBeGiven(words[base])) {
                continue;
            }
            long file = words[base + Slot.FILE];
            long inode = words[base + Slot.INODE];
            Gift gift = byFile.get(file);
            if (gift == null || gift.inode() != inode) {
                gift = new Gift(file, inode, process, process.forebear(), (dead >> fd & 1) != 0);
                byFile.put(file, gift);
            }
            if (!process.gifts.contains(gift)) {
                gift.receivedBy(process);
            }
        }
    }

    private static boolean canBeGiven(long head) {
        return switch (Kind.of(Slot.kind(head))) {
            case FILE, PIPE, SOCKET, PTY -> true;
            default -> false;
        };
    }

    void exited(TrackedProcess process) {
        for (Gift gift : process.gifts) {
            if (gift.returned()) {
                listener.returned(gift);
            }
        }
        process.gifts.clear();
    }

    /** Forgets what was received by processes that are gone and is held in no table. */
    void forgetUnheld(LongMap<DescriptorTable> tables) {
        Set<Long> unused = new HashSet<>();
        byFile.forEach(gift -> {
            if (gift.isUnused()) {
                unused.add(gift.file());
            }
        });
        if (unused.isEmpty()) {
            return;
        }
        tables.forEach(table -> table.forEach((_, words, base) -> unused.remove(words[base + Slot.FILE])));
        unused.forEach(byFile::remove);
    }

    void forget(Gift gift) {
        if (byFile.get(gift.file()) == gift) {
            byFile.remove(gift.file());
        }
    }
}
