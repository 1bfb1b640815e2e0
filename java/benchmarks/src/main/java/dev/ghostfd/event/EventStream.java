/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.event;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Records in the making, a microsecond apart. */
public final class EventStream {
    private static final long STEP = 1_000;

    private final List<MemorySegment> records = new ArrayList<>();
    private long time = 1_000_000_000;

    public int size() {
        return records.size();
    }

    /** CLOCK_BOOTTIME nanoseconds of the next record. */
    public long time() {
        return time;
    }

    public List<MemorySegment> records() {
        return records;
    }

    private EventBuilder next(int type, long table, int tgid) {
        return EventBuilder.of(type).time(time).table(table).by(tgid, tgid);
    }

    private void add(EventBuilder record) {
        records.add(record.memory());
        time += STEP;
    }

    /** A process that nobody traced started: it comes with an empty table. */
    public void appear(int pid, long table) {
        add(next(EventType.FORK, table, 1).child(pid, time, 1));
    }

    /** A process with a copy of its parent's table; returns when it started. */
    public long fork(int parent, long source, int child, long table) {
        long start = time;
        add(next(EventType.FORK, table, parent).source(source).child(child, start, parent));
        return start;
    }

    public void open(int pid, long table, int fd, Kind kind, int flags, long inode, long file) {
        add(next(EventType.OPEN, table, pid)
                .fd(fd)
                .kind(kind.ordinal())
                .flags(flags)
                .inode(inode)
                .file(file));
    }

    public void close(int pid, long table, int fd) {
        add(next(EventType.CLOSE, table, pid).fd(fd));
    }

    public void exec(int pid, long table, long start, String comm) {
        add(next(EventType.EXEC, table, pid).start(start).comm(comm));
    }

    public void census(int pid, long table, int fd, Kind kind, int flags, long inode, long file) {
        add(next(EventType.CENSUS, table, pid)
                .fd(fd)
                .kind(kind.ordinal())
                .flags(flags)
                .inode(inode)
                .file(file)
                .pipe(1, 1));
    }

    public void censusEnd(int pid, long table) {
        add(next(EventType.CENSUS_END, table, pid));
    }

    /** Exits and is reaped. */
    public void exit(int pid, long table, long start) {
        add(next(EventType.EXIT, table, pid).flags(Flags.LAST_THREAD).start(start));
        add(next(EventType.FREE, 0, pid).start(start));
    }
}
