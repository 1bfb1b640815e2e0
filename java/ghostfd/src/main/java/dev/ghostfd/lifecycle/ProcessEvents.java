/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.Event;
import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;
import java.util.ArrayList;
import java.util.List;

/** What fork, exec, exit and their kin do to the books. */
final class ProcessEvents {
    private final Books books;
    private final SnapshotMerge merge;

    ProcessEvents(Books books, SnapshotMerge merge) {
        this.books = books;
        this.merge = merge;
    }

    void tableCopied(Event event) {
        DescriptorTable source = books.tables.get(event.source());
        TrackedProcess process = books.processes.get(event.tgid());
        if (source == null || process == null || isKnown(event)) {
            return;
        }
        DescriptorTable copy = books.register(source.copy(event.table()), process);
        /* Nobody leaves a table that is his alone: there was always someone who could change it meanwhile. */
        copy.doubtful = true;
        boolean alone = event.has(Flags.LAST_THREAD);
        if (source != process.table) {
            /* Who stays behind: another process that is known to use it, or else a thread of this one. */
            process.threadTables.removeIf(
                    own -> own.table() == source && source.users > 1 && books.leave(source, process));
            process.threadTables.add(new TrackedProcess.ThreadTable(event.tid(), copy));
        } else if (alone) {
            books.leave(source, process);
            process.table = copy;
        } else if (event.tid() == event.tgid()) {
            /* The first thread stands for its process; the others stay behind with the old table until they exit. */
            process.threadTables.add(new TrackedProcess.ThreadTable(0, source));
            process.table = copy;
        } else {
            process.threadTables.add(new TrackedProcess.ThreadTable(event.tid(), copy));
        }
    }

    /** Whether the source, as it is known now, may have what came after the copy: from other tasks, or from a snapshot. */
    private boolean isUncertainCopy(Event event) {
        return event.has(Flags.SHARED) || event.time() <= merge.time();
    }

    /** Whether a snapshot saw the table before its event was read; else one under this identity is gone without word. */
    private boolean isKnown(Event event) {
        DescriptorTable known = books.tables.get(event.table());
        if (known != null) {
            merge.explained(known);
        }
        return known != null && event.time() <= merge.time();
    }

    void forked(Event event) {
        DescriptorTable source = books.tables.get(event.source());
        TrackedProcess caller = books.processes.get(event.tgid());
        if (event.has(Flags.THREAD)) {
            if (source != null && caller != null && !isKnown(event)) {
                DescriptorTable own = books.register(source.copy(event.table()), caller);
                own.doubtful |= isUncertainCopy(event);
                caller.threadTables.add(new TrackedProcess.ThreadTable(event.child(), own));
            }
            return;
        }
        TrackedProcess known = books.processes.get(event.child());
        if (known != null && known.id().startTime() == event.start()) {
            /* A snapshot saw it first, with a later table; what it was born with is lost, its family is not. */
            known.bornTo(caller);
            known.overtaken = event.table() != event.source();
            merge.explained(known);
            return;
        }
        if (known != null) {
            books.forget(known, event.time());
        }
        TrackedProcess child = new TrackedProcess(
                new ProcessId(event.child(), event.start()), caller == null ? "" : caller.comm, caller);
        inheritFrom(caller, child);
        TrackedProcess parent = books.processes.get(event.parent());
        if (parent != null) {
            parent.adopt(child);
        }
        books.processes.put(event.child(), child);
        if (source == null) {
            /* Of the tracer's own child nobody asks what it was born with: it runs exec next, and that lists what is left. */
            if (event.source() != 0) {
                books.strayEvents++;
            }
            child.table = books.newTable(event.table(), child);
        } else if (event.table() == event.source()) {
            books.join(source, child);
            child.table = source;
        } else {
            child.table = books.register(source.copy(event.table()), child);
            child.table.doubtful |= isUncertainCopy(event);
            /* A later snapshot may have given the source what the child never got, and taken what it did. */
            child.overtaken = event.time() <= merge.time();
            child.inherited = child.overtaken ? null : source.copy(0);
        }
    }

    private static void inheritFrom(TrackedProcess caller, TrackedProcess child) {
        if (caller != null) {
            child.cgroup = caller.cgroup;
            child.softLimit = caller.softLimit;
            child.hardLimit = caller.hardLimit;
        }
    }

    void executed(Event event) {
        TrackedProcess process = books.processes.get(event.tgid());
        if (process == null) {
            process = arrived(event);
        } else if (process.id().startTime() != event.start()) {
            books.strayEvents++;
            return;
        }
        process.comm = event.comm();
        goOnWith(process, event.table());
        merge.explained(process.table);
        books.receipts.keptUntilExec(process);
        Books.dropInherited(process);
        for (TrackedProcess.ThreadTable own : process.threadTables) {
            books.leave(own.table(), process);
        }
        process.threadTables.clear();
        if (process.census != null) {
            process.census.release();
        }
        process.census = new DescriptorTable(event.table(), books.channels);
        process.deadStandard = 0;
    }

    /** A thread that runs exec takes its own table along, and ends all others. */
    private void goOnWith(TrackedProcess process, long identity) {
        for (TrackedProcess.ThreadTable own : process.threadTables) {
            if (own.table().identity == identity && process.table.identity != identity) {
                process.threadTables.remove(own);
                books.leave(process.table, process);
                process.table = own.table();
                return;
            }
        }
    }

    /**
     * A process came into scope, by its cgroup, after it was born: a container's first one does so just before it runs its
     * program. What it has from then on is told in full, and the next sweep tells its limits. Nobody in scope had forked it,
     * or that would have been told.
     */
    private TrackedProcess arrived(Event event) {
        TrackedProcess process = new TrackedProcess(new ProcessId(event.tgid(), event.start()), event.comm(), null);
        process.table = books.newTable(event.table(), process);
        books.processes.put(event.tgid(), process);
        return process;
    }

    void counted(Event event) {
        TrackedProcess process = books.processes.get(event.tgid());
        if (event.has(Flags.EXITING)) {
            if (process != null && process.overtaken && !process.hasExecuted()) {
                books.receipts.heldAtExit(process, event);
            }
            return;
        }
        if (process == null || process.census == null) {
            return;
        }
        int fd = event.fd();
        if (fd < Gifts.STANDARD && isDead(event)) {
            process.deadStandard |= 1 << fd;
        }
        long[] words = process.table.words(fd);
        int base = DescriptorTable.base(fd);
        boolean same = words != null && Slot.isSame(words, base, event.kind(), event.inode(), event.file());
        if (!same) {
            /* Whoever left it to this program has it as well, and no event told: a pty's other side by ioctl, say. */
            books.strayEvents++;
        }
        Origin origin = same ? Slot.origin(words[base]) : Origin.TRACED;
        process.census.put(
                fd,
                Slot.withCallSite(
                        Slot.head(event.kind(), origin, event.flags()), same ? Slot.callSite(words[base]) : 0),
                event.inode(),
                same ? words[base + Slot.OPENED] : 0,
                event.file());
    }

    private static boolean isDead(Event event) {
        return switch (Slot.end(Kind.of(event.kind()), event.flags())) {
            case READ -> event.writers() == 0;
            case WRITE -> event.readers() == 0;
            default -> false;
        };
    }

    void countedAll(Event event) {
        TrackedProcess process = books.processes.get(event.tgid());
        if (process == null || process.census == null || event.has(Flags.EXITING)) {
            return;
        }
        DescriptorTable received = process.census;
        process.census = null;
        books.leave(process.table, process);
        process.table = books.register(received, process);
        books.receipts.received(process, received, true);
        books.gifts.received(process, received, process.deadStandard);
        process.executedWith(standardOf(received));
        if (event.has(Flags.TRUNCATED)) {
            books.strayEvents++;
        }
    }

    private static List<Stdio> standardOf(DescriptorTable table) {
        List<Stdio> standard = new ArrayList<>(Gifts.STANDARD);
        for (int fd = 0; fd < Gifts.STANDARD; fd++) {
            long[] words = table.words(fd);
            int base = DescriptorTable.base(fd);
            if (words != null && words[base] != 0) {
                standard.add(new Stdio(fd, Kind.of(Slot.kind(words[base])), words[base + Slot.INODE]));
            }
        }
        return List.copyOf(standard);
    }

    void exited(Event event) {
        TrackedProcess process = books.processes.get(event.tgid());
        if (process == null || process.id().startTime() != event.start() || process.hasExited()) {
            return;
        }
        if (!event.has(Flags.SHARED)) {
            books.onlyUsedBy(process, event.table());
        }
        if (event.has(Flags.THREAD)) {
            threadExited(process, event);
            return;
        }
        merge.explained(process.table);
        process.table.usedByOthers = event.has(Flags.SHARED) && process.table.identity == event.table();
        books.exit(process, event.time(), event.status());
    }

    private void threadExited(TrackedProcess process, Event event) {
        if (event.has(Flags.SHARED)) {
            /* The first thread left a table that others use: of this process or of another, only a snapshot tells. */
            books.strayEvents++;
        } else {
            tableEnded(process, event.table());
        }
    }

    /** The last thread that used a table has gone, and others with tables of their own go on. */
    private void tableEnded(TrackedProcess process, long identity) {
        DescriptorTable ended = books.tables.get(identity);
        if (ended != null) {
            merge.explained(ended);
        }
        if (process.table.identity != identity) {
            process.threadTables.removeIf(own -> own.table().identity == identity && books.leave(own.table(), process));
        } else if (!process.threadTables.isEmpty()) {
            books.leave(process.table, process);
            process.table = process.threadTables.removeFirst().table();
        }
    }

    void freed(Event event) {
        TrackedProcess process = books.processes.get(event.tgid());
        if (process != null && process.id().startTime() == event.start()) {
            books.forget(process, event.time());
        }
    }
}
