/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.DescriptorSnapshot;
import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;
import dev.ghostfd.event.TaskSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes the tables equal to what the kernel shows, keeping the history of what was known. The caller reads the ring empty,
 * feeds {@link #begin}, all tasks, all descriptors, all tasks once more and {@link #end}, then reads on: events from before a
 * table's snapshot that come after it change nothing. Owned by the consumer thread.
 */
public final class SnapshotMerge {
    private final Books books;

    private final Set<TrackedProcess> newcomers = new LinkedHashSet<>();
    private final Map<TrackedProcess, Integer> parents = new HashMap<>();
    private final Repairs repairs;

    private final TableMerge tables;
    private Origin origin = Origin.BEFORE_START;
    private long began;
    private long time;
    private int round;

    SnapshotMerge(Books books) {
        this.books = books;
        repairs = new Repairs(books);
        tables = new TableMerge(books, repairs);
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
        tables.begin(origin, round);
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
            exited(process, task);
        } else if (task.table() != 0 && !process.hasExited()) {
            use(process, task);
        }
    }

    /** What it did before it exited, above all what it received by exec, may still be in the ring: its exit comes last. */
    private void exited(TrackedProcess process, TaskSnapshot task) {
        if (process.hasExited()) {
            return;
        }
        if (origin == Origin.BEFORE_START) {
            books.exit(process, 0, task.status());
        } else {
            repairs.exited(process, task.time(), task.status());
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
            repairs.arrived(process);
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
            books.join(known, process);
        } else if (known == process.table || !first) {
            tables.uses(task.tid(), known);
            process.tableRound = known == process.table ? round : process.tableRound;
            return;
        } else {
            /* It was taken for another thread's: the call that made it the first one's was missed. */
            DescriptorTable taken = known;
            process.threadTables.removeIf(own -> own.table() == taken);
        }
        tables.uses(task.tid(), known);
        if (first || process.table.identity == 0) {
            books.leave(process.table, process);
            process.table = known;
            process.tableRound = round;
        } else {
            process.threadTables.add(new TrackedProcess.ThreadTable(task.tid(), known));
        }
    }

    /** One descriptor; those that a thread shows come in a row. */
    public void descriptor(DescriptorSnapshot descriptor) {
        time = Math.max(time, descriptor.time());
        tables.descriptor(descriptor);
    }

    /** A task again, read after the last descriptor: tells whose descriptors were shown completely. */
    public void recheck(TaskSnapshot task) {
        tables.recheck(task);
    }

    /** The snapshot is complete. */
    public void end() {
        tables.end();
        books.processes.forEach(this::settleTable);
        books.dropUnused();
        noteMissing();
        linkFamilies();
        books.receipts.foundHolding(newcomers);
        books.gifts.forgetUnheld(books.tables);
        newcomers.clear();
        parents.clear();
        books.strayEvents = 0;
    }

    /**
     * A process whose first thread is gone, with a table of its own, goes on with that of another thread. Tables that no
     * thread was found with are those of threads that are gone: unless an event tells their end, it was missed.
     */
    private void settleTable(TrackedProcess process) {
        if (process.round != round || process.hasExited()) {
            return;
        }
        List<DescriptorTable> used = new ArrayList<>(0);
        for (TrackedProcess.ThreadTable own : process.threadTables) {
            if (own.table().usedRound == round) {
                used.add(own.table());
            } else {
                repairs.abandoned(process, own.table());
            }
        }
        if (process.tableRound != round && !used.isEmpty()) {
            books.leave(process.table, process);
            process.goOnWith(used.getFirst());
        }
    }

    private void noteMissing() {
        books.processes.forEach(process -> {
            if (process.round != round && process.id().startTime() < began) {
                repairs.missing(process);
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

    void explained(DescriptorTable table, int fd) {
        repairs.explained(table, fd);
    }

    void explained(TrackedProcess process) {
        repairs.explained(process);
    }

    void explained(DescriptorTable table) {
        repairs.explained(table);
    }

    /** Whether something was found that no event has explained so far. */
    public boolean hasDifferences() {
        return repairs.areOpen();
    }

    /** Repairs and counts what no event explained; to be called when the ring has been read past {@link #time}. */
    public void settle() {
        repairs.settle(time);
    }

    /** What snapshots found that events had not told, since start; {@link Kind#PROCESS} for whole processes. */
    public long repairs(Kind kind) {
        return repairs.count(kind);
    }
}
