/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.Event;
import dev.ghostfd.event.EventType;
import dev.ghostfd.event.Kind;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * Applies events, in order, to the tables and processes. An event may be told twice, or tell of what a snapshot showed
 * already: the last word on a descriptor wins, so replaying a stretch of the stream over a later snapshot ends in the right
 * state. Owned by one thread.
 */
public final class Tracker {
    private static final Kind[] KINDS = Kind.values();
    private static final int PIPE = Kind.PIPE.ordinal();
    private static final int SOCKET = Kind.SOCKET.ordinal();

    private final CallStacks callStacks = new CallStacks();
    private final Lifetimes lifetimes = new Lifetimes();
    private final Books books;
    private final SnapshotMerge merge;
    private final ProcessEvents family;
    private final Holdings holdings;

    public Tracker(LifecycleListener listener) {
        books = new Books(listener);
        holdings = new Holdings(books, callStacks);
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
            case EventType.PAIR -> books.channels.link(event.inode(), event.peerInode());
            case EventType.STACK -> {
                /* Means nothing before it has been unwound; see madeAt. */
            }
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
        long head = Slot.head(event.kind(), Origin.TRACED, event.flags());
        table.put(fd, head, event.inode(), Slot.opened(event.time(), event.tid()), event.file());
        noteMaker(event);
        if (Slot.isMaster(head)) {
            /* Its other side is mostly opened by an ioctl, which no tracepoint shows. */
            books.strayEvents++;
        }
    }

    private void noteMaker(Event event) {
        int kind = event.kind();
        if (kind == PIPE || kind == SOCKET) {
            Channel channel = books.channels.find(KINDS[kind], event.inode());
            if (channel != null && channel.maker == null) {
                channel.maker = books.processes.get(event.tgid());
            }
        }
    }

    /** Notes where descriptors were made, if they are still the ones meant; the stack, unless there is no room for it. */
    public Optional<CallStack> madeAt(MadeAt made) {
        DescriptorTable table = books.tables.get(made.table());
        if (table == null) {
            return Optional.empty();
        }
        int callSite = callStacks.intern(made.process(), made.addresses(), books.tables);
        table.noteCallSite(made.fd(), made.file(), callSite);
        table.noteCallSite(made.second(), made.secondFile(), callSite);
        return callStacks.find(callSite);
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

    public void forget(Gift gift) {
        books.gifts.forget(gift);
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

    /** The pipe, FIFO or socketpair, if a known table holds an end of it. */
    public Optional<Channel> channel(Kind kind, long inode) {
        return Optional.ofNullable(books.channels.find(kind, inode));
    }

    /** What processes hold. */
    public Holdings holdings() {
        return holdings;
    }

    /** One descriptor of a table. */
    public Optional<DescriptorView> descriptor(long table, int fd) {
        return holdings.descriptor(table, fd);
    }

    /** A process in numbers, with what the rules found in it. */
    public ProcessView view(
            TrackedProcess process,
            int leaked,
            int unreapedChildren,
            OptionalDouble growthPerMinute,
            OptionalDouble exhaustionSeconds) {
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
                unreapedChildren,
                growthPerMinute,
                exhaustionSeconds);
    }

    /** Children of a process that are known, oldest first. */
    public List<ChildView> children(TrackedProcess process) {
        return process.children.stream()
                .sorted(Comparator.comparingLong(child -> child.id().startTime()))
                .map(TrackedProcess::view)
                .toList();
    }
}
