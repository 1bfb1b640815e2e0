/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.DescriptorSnapshot;
import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;
import dev.ghostfd.event.TaskSnapshot;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The descriptors' part of a {@link SnapshotMerge}: what each thread's table holds. */
final class TableMerge {
    private final Books books;
    private final Repairs repairs;

    /** By thread: the table it had before the first descriptor was read, and what the walk over it did not show. */
    private final Map<Integer, DescriptorTable> users = new HashMap<>();

    private final Map<Integer, Walk> walks = new HashMap<>();
    private final BitSet seen = new BitSet();

    /** Ends of socketpairs by their identity; who is whose peer is known once all are. */
    private final Map<Long, Pair> pairs = new HashMap<>();

    private Origin origin = Origin.BEFORE_START;
    private DescriptorTable current;
    private int walker;
    private int round;
    private boolean rechecked;

    /** A table as one thread showed it; a thread that leaves its table meanwhile shows only part of it. */
    private record Walk(DescriptorTable table, List<Integer> unseen) {}

    private record Pair(long inode, long peer) {}

    TableMerge(Books books, Repairs repairs) {
        this.books = books;
        this.repairs = repairs;
    }

    void begin(Origin newOrigin, int newRound) {
        origin = newOrigin;
        round = newRound;
        rechecked = false;
    }

    /** A task has a table; told of all before the first descriptor. */
    void uses(int tid, DescriptorTable table) {
        users.put(tid, table);
        table.usedRound = round;
    }

    void descriptor(DescriptorSnapshot descriptor) {
        DescriptorTable table = books.tables.get(descriptor.table());
        if (table != current || walker != descriptor.tid()) {
            endWalk();
            current = table;
            walker = descriptor.tid();
        }
        if (table == null) {
            /* Made since the tasks were read; its events are in the ring. */
            return;
        }
        if (descriptor.has(Flags.PAIR)) {
            pairs.put(descriptor.self(), new Pair(descriptor.inode(), descriptor.peer()));
        }
        int fd = descriptor.fd();
        seen.set(fd);
        long[] words = table.words(fd);
        int base = DescriptorTable.base(fd);
        if (words != null && Slot.isSame(words, base, descriptor.kind(), descriptor.inode(), descriptor.file())) {
            return;
        }
        table.put(
                fd, Slot.head(descriptor.kind(), origin, descriptor.flags()), descriptor.inode(), 0, descriptor.file());
        differs(table, fd, Kind.of(descriptor.kind()));
    }

    private void endWalk() {
        if (current == null) {
            return;
        }
        List<Integer> unseen = new ArrayList<>(0);
        current.forEach((fd, _, _) -> {
            if (!seen.get(fd)) {
                unseen.add(fd);
            }
        });
        walks.put(walker, new Walk(current, unseen));
        seen.clear();
        current = null;
    }

    /** If a task still has the table it showed, it has shown all of it: nobody comes back to a table once left. */
    void recheck(TaskSnapshot task) {
        endWalk();
        rechecked = true;
        DescriptorTable table = users.get(task.tid());
        if (table == null || table.identity != task.table() || table.round == round) {
            return;
        }
        Walk walk = walks.get(task.tid());
        if (walk == null) {
            removeUnseen(emptyWalk(table));
        } else if (walk.table() == table) {
            removeUnseen(walk);
        }
    }

    private static Walk emptyWalk(DescriptorTable table) {
        List<Integer> all = new ArrayList<>();
        table.forEach((fd, _, _) -> all.add(fd));
        return new Walk(table, all);
    }

    /** The walk was whole: what it did not show is not there. */
    private void removeUnseen(Walk walk) {
        DescriptorTable table = walk.table();
        for (int fd : walk.unseen()) {
            differs(table, fd, Kind.of(Slot.kind(table.head(fd))));
            table.remove(fd);
        }
        table.round = round;
        table.doubtful = false;
    }

    private void differs(DescriptorTable table, int fd, Kind kind) {
        if (origin != Origin.BEFORE_START && !table.doubtful) {
            repairs.differs(table, fd, kind);
        }
    }

    /** Without a recheck every walk counts as whole. */
    void end() {
        endWalk();
        if (!rechecked) {
            walks.values().forEach(this::removeUnseen);
        }
        books.tables.forEach(table -> {
            boolean ownerSeen = table.owner != null && table.owner.round == round;
            if (table.round != round && (table.usedRound == round || ownerSeen)) {
                unconfirmed(table);
            }
        });
        for (Pair one : pairs.values()) {
            Pair other = pairs.get(one.peer());
            if (other != null) {
                books.channels.link(one.inode(), other.inode());
            }
        }
        pairs.clear();
        users.clear();
        walks.clear();
    }

    private void unconfirmed(DescriptorTable table) {
        if (rechecked) {
            /* Whoever had it has left it meanwhile. If it is still there, the next look tells. */
            table.doubtful = true;
        } else {
            removeUnseen(emptyWalk(table));
        }
    }
}
