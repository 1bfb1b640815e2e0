/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.Event;
import dev.ghostfd.event.EventType;
import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Applies events, in order, to the tables and processes. An event may be told twice, or tell of what a snapshot showed
 * already: the last word on a descriptor wins, so replaying a stretch of the stream over a later snapshot ends in the right
 * state. Owned by one thread.
 */
public final class Tracker {
    private static final Kind[] KINDS = Kind.values();

    private final LongMap<DescriptorTable> tables = new LongMap<>();
    private final LongMap<TrackedProcess> processes = new LongMap<>();
    private final Pipes pipes = new Pipes();
    private final Lifetimes lifetimes = new Lifetimes();
    private final Receipts receipts;
    private final LifecycleListener listener;
    private final SnapshotMerge merge;

    /** Events for tables nobody told of, since the last snapshot: a sign that something was lost. */
    private long strayEvents;

    public Tracker(LifecycleListener listener) {
        this.listener = listener;
        this.receipts = new Receipts(pipes, listener);
        this.merge = new SnapshotMerge(this, tables, processes, receipts);
    }

    /** Merges what the kernel shows into what is known. */
    public SnapshotMerge merge() {
        return merge;
    }

    public void apply(Event event) {
        switch (event.type()) {
            case EventType.OPEN -> opened(event);
            case EventType.CLOSE -> closed(event);
            case EventType.CLOSE_RANGE -> closedRange(event);
            case EventType.TABLE_COPY -> tableCopied(event);
            case EventType.FORK -> forked(event);
            case EventType.EXEC -> executed(event);
            case EventType.CENSUS -> counted(event);
            case EventType.CENSUS_END -> countedAll(event);
            case EventType.EXIT -> exited(event);
            case EventType.FREE -> freed(event);
            default -> throw new IllegalArgumentException("event type " + event.type());
        }
    }

    private DescriptorTable tableOf(Event event) {
        DescriptorTable table = tables.get(event.table());
        if (table == null) {
            strayEvents++;
        }
        return table;
    }

    private void opened(Event event) {
        DescriptorTable table = tableOf(event);
        if (table == null) {
            return;
        }
        int fd = event.fd();
        merge.explained(table, fd);
        long[] words = table.words(fd);
        if (words != null) {
            int base = DescriptorTable.base(fd);
            if (words[base] == 0 || words[base + Slot.FILE] != event.file()) {
                noteLifetime(words, base, event.time());
            } else if (Slot.origin(words[base]) == Origin.TRACED || event.time() > merge.time()) {
                /* dup2 onto itself, or a signalfd changed. Otherwise a snapshot saw it before its event was read. */
                return;
            }
        }
        table.put(
                fd,
                Slot.head(event.kind(), Origin.TRACED, event.flags()),
                event.inode(),
                Slot.opened(event.time(), event.tid()),
                event.file());
    }

    private void closed(Event event) {
        DescriptorTable table = tableOf(event);
        if (table != null) {
            close(table, event.fd(), event.time());
        }
    }

    private void close(DescriptorTable table, int fd, long time) {
        merge.explained(table, fd);
        long[] words = table.words(fd);
        if (words != null) {
            noteLifetime(words, DescriptorTable.base(fd), time);
            table.remove(fd);
        }
    }

    private void noteLifetime(long[] words, int base, long time) {
        long openedAt = Slot.time(words[base + Slot.OPENED]);
        if (words[base] != 0 && openedAt != 0) {
            lifetimes.closed(Slot.kind(words[base]), openedAt, time);
        }
    }

    private void closedRange(Event event) {
        DescriptorTable table = tableOf(event);
        if (table == null) {
            return;
        }
        long end = Math.min(event.last() + 1, table.limit());
        for (long fd = Integer.toUnsignedLong(event.fd()); fd < end; fd++) {
            close(table, (int) fd, event.time());
        }
    }

    private void tableCopied(Event event) {
        DescriptorTable source = tables.get(event.source());
        TrackedProcess process = processes.get(event.tgid());
        if (source == null || process == null || tables.get(event.table()) != null) {
            return;
        }
        DescriptorTable copy = register(source.copy(event.table()), process);
        boolean alone = event.has(Flags.LAST_THREAD);
        if (source != process.table) {
            process.threadTables.removeIf(own -> own.tid() == event.tid() && leave(own.table(), process));
            process.threadTables.add(new TrackedProcess.ThreadTable(event.tid(), copy));
        } else if (alone) {
            leave(source, process);
            process.table = copy;
        } else if (event.tid() == event.tgid()) {
            /* The first thread stands for its process; the others stay behind with the old table until they exit. */
            process.threadTables.add(new TrackedProcess.ThreadTable(0, source));
            process.table = copy;
        } else {
            process.threadTables.add(new TrackedProcess.ThreadTable(event.tid(), copy));
        }
    }

    private void forked(Event event) {
        DescriptorTable source = tables.get(event.source());
        TrackedProcess caller = processes.get(event.tgid());
        if (event.has(Flags.THREAD)) {
            if (source != null && caller != null && tables.get(event.table()) == null) {
                DescriptorTable own = register(source.copy(event.table()), caller);
                caller.threadTables.add(new TrackedProcess.ThreadTable(event.child(), own));
            }
            return;
        }
        TrackedProcess known = processes.get(event.child());
        if (known != null && known.id().startTime() == event.start()) {
            /* A snapshot saw it first, with a later table; what it was born with is lost, its family is not. */
            known.bornTo(caller);
            return;
        }
        if (known != null) {
            forget(known);
        }
        TrackedProcess child = new TrackedProcess(
                new ProcessId(event.child(), event.start()), caller == null ? "" : caller.comm, caller);
        inheritFrom(caller, child);
        TrackedProcess parent = processes.get(event.parent());
        if (parent != null) {
            parent.adopt(child);
        }
        processes.put(event.child(), child);
        if (source == null) {
            strayEvents++;
            child.table = register(new DescriptorTable(event.table(), pipes), child);
        } else if (event.table() == event.source()) {
            source.users++;
            child.table = source;
        } else {
            child.table = register(source.copy(event.table()), child);
            child.inherited = source.copy(0);
        }
    }

    private static void inheritFrom(TrackedProcess caller, TrackedProcess child) {
        if (caller != null) {
            child.cgroup = caller.cgroup;
            child.softLimit = caller.softLimit;
            child.hardLimit = caller.hardLimit;
        }
    }

    private void executed(Event event) {
        TrackedProcess process = processes.get(event.tgid());
        if (process == null) {
            strayEvents++;
            return;
        }
        process.comm = event.comm();
        merge.explained(process.table);
        dropInherited(process);
        for (TrackedProcess.ThreadTable own : process.threadTables) {
            leave(own.table(), process);
        }
        process.threadTables.clear();
        if (process.census != null) {
            process.census.release();
        }
        process.census = new DescriptorTable(event.table(), pipes);
    }

    private void counted(Event event) {
        TrackedProcess process = processes.get(event.tgid());
        if (process == null || process.census == null || event.has(Flags.EXITING)) {
            return;
        }
        int fd = event.fd();
        long[] words = process.table.words(fd);
        int base = DescriptorTable.base(fd);
        boolean same = words != null && words[base] != 0 && words[base + Slot.FILE] == event.file();
        Origin origin = same ? Slot.origin(words[base]) : Origin.TRACED;
        process.census.put(
                fd,
                Slot.head(event.kind(), origin, event.flags() | Slot.RECEIVED),
                event.inode(),
                same ? words[base + Slot.OPENED] : 0,
                event.file());
    }

    private void countedAll(Event event) {
        TrackedProcess process = processes.get(event.tgid());
        if (process == null || process.census == null || event.has(Flags.EXITING)) {
            return;
        }
        DescriptorTable received = process.census;
        process.census = null;
        leave(process.table, process);
        process.table = register(received, process);
        receipts.received(process, received);
        if (event.has(Flags.TRUNCATED)) {
            strayEvents++;
        }
    }

    private void exited(Event event) {
        TrackedProcess process = processes.get(event.tgid());
        if (process == null || process.id().startTime() != event.start() || process.hasExited()) {
            return;
        }
        if (event.has(Flags.THREAD)) {
            process.threadTables.removeIf(own ->
                    own.table().identity == event.table() && own.tid() == event.tid() && leave(own.table(), process));
            return;
        }
        exit(process, event.time(), event.status());
    }

    /** The process is gone, as an event or the lack of it in a snapshot tells. */
    void exit(TrackedProcess process, long time, int status) {
        process.exit(time, status);
        if (process.inherited != null) {
            receipts.received(process, process.inherited);
        }
        dropInherited(process);
        for (TrackedProcess.ThreadTable own : process.threadTables) {
            leave(own.table(), process);
        }
        if (process.census != null) {
            process.census.release();
            process.census = null;
        }
        leave(process.table, process);
        receipts.exited(process, time);
        process.letGo();
        listener.exited(process);
    }

    private void freed(Event event) {
        TrackedProcess process = processes.get(event.tgid());
        if (process != null && process.id().startTime() == event.start()) {
            if (!process.hasExited()) {
                exit(process, event.time(), 0);
            }
            forget(process);
        }
    }

    /** Reaped: the process leaves the books, and lives on only in its parent's story. */
    void forget(TrackedProcess process) {
        if (!process.hasExited()) {
            exit(process, process.id().startTime(), 0);
        }
        processes.remove(process.id().pid());
        process.reap();
        if (process.parent != null) {
            process.parent.childReaped();
        }
        listener.reaped(process);
    }

    private static void dropInherited(TrackedProcess process) {
        if (process.inherited != null) {
            process.inherited.release();
            process.inherited = null;
        }
    }

    /** Enters a table in the books; one that stood there under the same identity is gone without word. */
    DescriptorTable register(DescriptorTable table, TrackedProcess owner) {
        DescriptorTable stale = tables.put(table.identity, table);
        if (stale != null) {
            stale.release();
        }
        table.owner = owner;
        return table;
    }

    /** A place-holder until the real one is known. */
    DescriptorTable detachedTable(TrackedProcess owner) {
        DescriptorTable none = new DescriptorTable(0, pipes);
        none.owner = owner;
        return none;
    }

    DescriptorTable newTable(long identity, TrackedProcess owner) {
        return register(new DescriptorTable(identity, pipes), owner);
    }

    /** One user fewer; true, for use in conditions. */
    boolean leave(DescriptorTable table, TrackedProcess user) {
        if (--table.users > 0) {
            if (table.owner == user) {
                table.owner = null;
                processes.forEach(other -> {
                    boolean uses = other.table == table && other != user && !other.hasExited();
                    if (uses && (table.owner == null || other.isOlderThan(table.owner))) {
                        table.owner = other;
                    }
                });
            }
        } else {
            if (tables.get(table.identity) == table) {
                tables.remove(table.identity);
            }
            table.release();
        }
        return true;
    }

    /** Events that fitted nothing known, since the last snapshot was merged. */
    public long strayEvents() {
        return strayEvents;
    }

    void settled() {
        strayEvents = 0;
    }

    public Lifetimes lifetimes() {
        return lifetimes;
    }

    public int processCount() {
        return processes.size();
    }

    /** Descriptors in all tables, those of a table shared by several processes once. */
    public long descriptorCount() {
        long[] sum = {0};
        tables.forEach(table -> sum[0] += table.open());
        return sum[0];
    }

    public Optional<TrackedProcess> process(int pid) {
        return Optional.ofNullable(processes.get(pid));
    }

    public void forEachProcess(Consumer<TrackedProcess> action) {
        processes.forEach(action);
    }

    /** The oldest process that uses a table. */
    public Optional<TrackedProcess> owner(long table) {
        return Optional.ofNullable(tables.get(table)).map(known -> known.owner);
    }

    /** The pipe or FIFO, if a known table holds an end of it. */
    public Optional<Pipe> pipe(Kind kind, long inode) {
        return Optional.ofNullable(pipes.find(kind, inode));
    }

    /** One descriptor of a table. */
    public Optional<DescriptorView> descriptor(long table, int fd) {
        DescriptorTable known = tables.get(table);
        long[] words = known == null ? null : known.words(fd);
        int base = DescriptorTable.base(fd);
        return words == null || words[base] == 0 ? Optional.empty() : Optional.of(view(fd, words, base));
    }

    /** Whether a descriptor was open when its process image started. */
    public boolean wasReceived(long table, int fd) {
        DescriptorTable known = tables.get(table);
        return known != null && (Slot.flags(known.head(fd)) & Slot.RECEIVED) != 0;
    }

    /** Every descriptor of a process, ascending. */
    public List<DescriptorView> descriptors(TrackedProcess process) {
        List<DescriptorView> views = new ArrayList<>(process.table.open());
        process.table.forEach((fd, words, base) -> views.add(view(fd, words, base)));
        return views;
    }

    /** A process in numbers, with what the rules found in it. */
    public ProcessView view(TrackedProcess process, int leaked, int unreapedChildren) {
        Map<Kind, Integer> byKind = new EnumMap<>(Kind.class);
        for (Kind kind : KINDS) {
            int count = kind == Kind.PROCESS ? 0 : process.table.open(kind);
            if (count > 0) {
                byKind.put(kind, count);
            }
        }
        return new ProcessView(
                process.id(),
                process.comm(),
                process.cgroup(),
                process.nsPid,
                process.table.open(),
                process.softLimit,
                process.hardLimit,
                byKind,
                leaked,
                unreapedChildren);
    }

    /** Children of a process that are known, oldest first. */
    public List<ChildView> children(TrackedProcess process) {
        return process.children.stream()
                .sorted(Comparator.comparingLong(child -> child.id().startTime()))
                .map(TrackedProcess::view)
                .toList();
    }

    private static DescriptorView view(int fd, long[] words, int base) {
        long head = words[base];
        long openedAt = Slot.time(words[base + Slot.OPENED]);
        return new DescriptorView(
                fd,
                Kind.of(Slot.kind(head)),
                Slot.end(head),
                words[base + Slot.INODE],
                openedAt == 0 ? OptionalLong.empty() : OptionalLong.of(openedAt),
                Slot.tid(words[base + Slot.OPENED]),
                Slot.origin(head));
    }
}
