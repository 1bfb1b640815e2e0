/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.DescriptorSnapshot;
import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;
import dev.ghostfd.event.TaskSnapshot;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes the tables equal to what the kernel shows, keeping the history of what was known. The caller reads the ring empty,
 * feeds {@link #begin}, all tasks, all descriptors and {@link #end}, then reads on: events from before a table's snapshot
 * that come after it change nothing.
 *
 * <p>A difference is a repair unless an event that was still on its way explains it; so repairs are only counted once the
 * ring has been read past the snapshot, by {@link #settle}. Owned by the consumer thread.
 */
public final class SnapshotMerge {
    /** Differences that wait for an explanation: after a great loss they are many, and none will come. */
    private static final int MOST_UNEXPLAINED = 10_000;

    private final Books books;

    private final BitSet seenDescriptors = new BitSet();
    private final Set<TrackedProcess> newcomers = new LinkedHashSet<>();
    private final Map<TrackedProcess, Integer> parents = new HashMap<>();
    private final Map<Difference, Kind> differences = new HashMap<>();
    private final Set<TrackedProcess> arrivals = new HashSet<>();
    private final List<TrackedProcess> missing = new ArrayList<>();
    private final long[] repairs = new long[Kind.values().length];
    private Origin origin = Origin.BEFORE_START;
    private DescriptorTable current;
    private long began;
    private long time;
    private int round;

    private record Difference(long table, int fd) {}

    SnapshotMerge(Books books) {
        this.books = books;
    }

    /**
     * A snapshot starts.
     *
     * @param now CLOCK_BOOTTIME nanoseconds, before the first record is read
     * @param newOrigin what descriptors are marked with that were not known
     */
    public void begin(long now, Origin newOrigin) {
        settle();
        began = now;
        time = now;
        origin = newOrigin;
        round++;
    }

    /** Time of the newest record, CLOCK_BOOTTIME nanoseconds. */
    public long time() {
        return time;
    }

    /** One task; all of them come before the first descriptor. */
    public void task(TaskSnapshot task) {
        time = Math.max(time, task.time());
        TrackedProcess process = books.processes.get(task.tgid());
        if (process != null && process.id().startTime() != task.start()) {
            books.forget(process, task.time());
            process = null;
        }
        if (task.start() >= began) {
            /* Its fork is in the ring, or will be, with more to tell. */
            return;
        }
        if (process == null) {
            process = arrive(task);
        }
        process.round = round;
        parents.put(process, task.parent());
        update(process, task);
        if (task.has(Flags.ZOMBIE)) {
            if (!process.hasExited()) {
                books.exit(process, origin == Origin.BEFORE_START ? 0 : task.time(), task.status());
            }
        } else if (task.table() != 0 && !process.hasExited()) {
            use(process, task);
        }
    }

    /** Takes over what no event tells: cgroup, limits, the pid inside its namespace. For sweeps that merge nothing else. */
    public void refresh(TaskSnapshot task) {
        TrackedProcess process = books.processes.get(task.tgid());
        if (process != null && process.id().startTime() == task.start()) {
            update(process, task);
        }
    }

    private static void update(TrackedProcess process, TaskSnapshot task) {
        process.cgroup = task.cgroup();
        process.nsPid = task.nsPid();
        process.softLimit = task.softLimit();
        process.hardLimit = task.hardLimit();
    }

    private TrackedProcess arrive(TaskSnapshot task) {
        TrackedProcess process = new TrackedProcess(new ProcessId(task.tgid(), task.start()), task.comm(), null);
        process.table = books.detachedTable(process);
        books.processes.put(task.tgid(), process);
        newcomers.add(process);
        if (origin != Origin.BEFORE_START) {
            arrivals.add(process);
        }
        return process;
    }

    /** Notes which table a task has. */
    private void use(TrackedProcess process, TaskSnapshot task) {
        DescriptorTable known = books.tables.get(task.table());
        boolean first = task.tid() == task.tgid();
        if (known == null) {
            known = books.newTable(task.table(), process);
        } else if (!process.uses(known)) {
            known.users++;
            if (known.owner == null || process.isOlderThan(known.owner)) {
                known.owner = process;
            }
        } else if (known == process.table || !first) {
            known.usedRound = round;
            process.tableRound = known == process.table ? round : process.tableRound;
            return;
        } else {
            /* It was taken for another thread's: the call that made it the first one's was missed. */
            DescriptorTable taken = known;
            process.threadTables.removeIf(own -> own.table() == taken);
        }
        known.usedRound = round;
        if (first || process.table.identity == 0) {
            books.leave(process.table, process);
            process.table = known;
            process.tableRound = round;
        } else {
            process.threadTables.add(new TrackedProcess.ThreadTable(task.tid(), known));
        }
    }

    /** One descriptor; those of a table come in a row. */
    public void descriptor(DescriptorSnapshot descriptor) {
        time = Math.max(time, descriptor.time());
        DescriptorTable table = books.tables.get(descriptor.table());
        if (table != current) {
            finishTable();
            current = table;
        }
        if (table == null) {
            /* Made since the tasks were read; its events are in the ring. */
            return;
        }
        int fd = descriptor.fd();
        seenDescriptors.set(fd);
        long[] words = table.words(fd);
        int base = DescriptorTable.base(fd);
        if (words != null && Slot.isSame(words, base, descriptor.kind(), descriptor.inode(), descriptor.file())) {
            return;
        }
        table.put(
                fd, Slot.head(descriptor.kind(), origin, descriptor.flags()), descriptor.inode(), 0, descriptor.file());
        differs(table, fd, Kind.of(descriptor.kind()));
    }

    private void finishTable() {
        if (current == null) {
            return;
        }
        current.round = round;
        List<Integer> stale = new ArrayList<>();
        current.forEach((fd, words, base) -> {
            if (!seenDescriptors.get(fd)) {
                stale.add(fd);
                differs(current, fd, Kind.of(Slot.kind(words[base])));
            }
        });
        stale.forEach(current::remove);
        current.doubtful = false;
        seenDescriptors.clear();
        current = null;
    }

    private void differs(DescriptorTable table, int fd, Kind kind) {
        if (origin == Origin.BEFORE_START || table.doubtful) {
            return;
        }
        if (differences.size() < MOST_UNEXPLAINED) {
            differences.put(new Difference(table.identity, fd), kind);
        } else {
            repairs[kind.ordinal()]++;
        }
    }

    /** The snapshot is complete. */
    public void end() {
        finishTable();
        List<DescriptorTable> empty = new ArrayList<>();
        books.tables.forEach(table -> {
            boolean ownerSeen = table.owner != null && table.owner.round == round;
            if (table.round != round && (table.usedRound == round || ownerSeen)) {
                empty.add(table);
            }
        });
        for (DescriptorTable table : empty) {
            current = table;
            finishTable();
        }
        books.processes.forEach(this::settleTable);
        noteMissing();
        linkFamilies();
        books.receipts.foundHolding(newcomers);
        newcomers.clear();
        parents.clear();
        books.strayEvents = 0;
    }

    /** A process whose first thread is gone, with a table of its own, goes on with that of another thread. */
    private void settleTable(TrackedProcess process) {
        boolean unused = process.round == round && process.tableRound != round && !process.hasExited();
        if (unused && !process.threadTables.isEmpty()) {
            books.leave(process.table, process);
            process.table = process.threadTables.removeFirst().table();
        }
    }

    /** Processes the kernel does not show any more; most often their end is still in the ring. */
    private void noteMissing() {
        books.processes.forEach(process -> {
            if (process.round != round && process.id().startTime() < began) {
                missing.add(process);
            }
        });
    }

    private void linkFamilies() {
        parents.forEach((process, pid) -> {
            TrackedProcess parent = books.processes.get(pid);
            if (process.parent == null && parent != null && parent != process) {
                parent.adopt(process);
                if (newcomers.contains(process)) {
                    process.bornTo(parent);
                }
            }
        });
    }

    /** An event touched this descriptor: whatever the snapshot found there was on its way. */
    void explained(DescriptorTable table, int fd) {
        if (!differences.isEmpty()) {
            differences.remove(new Difference(table.identity, fd));
        }
    }

    /** The process's fork was on its way. */
    void explained(TrackedProcess process) {
        arrivals.remove(process);
        explained(process.table);
    }

    /** An exec renewed the whole table. */
    void explained(DescriptorTable table) {
        if (!differences.isEmpty()) {
            differences.keySet().removeIf(difference -> difference.table() == table.identity);
        }
    }

    /** Whether something was found that no event has explained so far. */
    public boolean hasDifferences() {
        return !differences.isEmpty() || !missing.isEmpty() || !arrivals.isEmpty();
    }

    /** Repairs and counts what no event explained; to be called when the ring has been read past {@link #time}. */
    public void settle() {
        repairs[Kind.PROCESS.ordinal()] += arrivals.size();
        arrivals.clear();
        differences.values().forEach(kind -> repairs[kind.ordinal()]++);
        differences.clear();
        for (TrackedProcess process : missing) {
            if (!process.isReaped() && books.processes.get(process.id().pid()) == process) {
                if (!process.hasExited()) {
                    repairs[Kind.PROCESS.ordinal()]++;
                    books.exit(process, time, ExitStatus.UNKNOWN);
                }
                books.forget(process, time);
            }
        }
        missing.clear();
    }

    /** What snapshots found that events had not told, since start; {@link Kind#PROCESS} for whole processes. */
    public long repairs(Kind kind) {
        return repairs[kind.ordinal()];
    }
}
