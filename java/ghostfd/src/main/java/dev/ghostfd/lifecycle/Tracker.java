/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.Event;
import dev.ghostfd.event.EventType;
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

    private final Lifetimes lifetimes = new Lifetimes();
    private final Books books;
    private final SnapshotMerge merge;
    private final ProcessEvents family;

    public Tracker(LifecycleListener listener) {
        books = new Books(listener);
        merge = new SnapshotMerge(books);
        family = new ProcessEvents(books, merge);
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
            case EventType.TABLE_COPY -> family.tableCopied(event);
            case EventType.FORK -> family.forked(event);
            case EventType.EXEC -> family.executed(event);
            case EventType.CENSUS -> family.counted(event);
            case EventType.CENSUS_END -> family.countedAll(event);
            case EventType.EXIT -> family.exited(event);
            case EventType.FREE -> family.freed(event);
            default -> throw new IllegalArgumentException("event type " + event.type());
        }
    }

    private DescriptorTable tableOf(Event event) {
        DescriptorTable table = books.tables.get(event.table());
        if (table == null) {
            books.strayEvents++;
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
            if (!Slot.isSame(words, base, event.kind(), event.inode(), event.file())) {
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

    /** Events that fitted nothing known, since the last snapshot was merged. */
    public long strayEvents() {
        return books.strayEvents;
    }

    /** Whether any table was copied while other tasks could change it: only a snapshot tells for certain what the copy got. */
    public boolean hasDoubtfulTables() {
        boolean[] any = {false};
        books.tables.forEach(table -> any[0] |= table.doubtful);
        return any[0];
    }

    public Lifetimes lifetimes() {
        return lifetimes;
    }

    public int processCount() {
        return books.processes.size();
    }

    /** Descriptors in all tables, those of a table shared by several processes once. */
    public long descriptorCount() {
        long[] sum = {0};
        books.tables.forEach(table -> sum[0] += table.open());
        return sum[0];
    }

    public Optional<TrackedProcess> process(int pid) {
        return Optional.ofNullable(books.processes.get(pid));
    }

    public void forEachProcess(Consumer<TrackedProcess> action) {
        books.processes.forEach(action);
    }

    /** The oldest process that uses a table. */
    public Optional<TrackedProcess> owner(long table) {
        return Optional.ofNullable(books.tables.get(table)).map(known -> known.owner);
    }

    /** The pipe or FIFO, if a known table holds an end of it. */
    public Optional<Pipe> pipe(Kind kind, long inode) {
        return Optional.ofNullable(books.pipes.find(kind, inode));
    }

    /** One descriptor of a table. */
    public Optional<DescriptorView> descriptor(long table, int fd) {
        DescriptorTable known = books.tables.get(table);
        long[] words = known == null ? null : known.words(fd);
        int base = DescriptorTable.base(fd);
        return words == null || words[base] == 0 ? Optional.empty() : Optional.of(view(fd, words, base));
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
