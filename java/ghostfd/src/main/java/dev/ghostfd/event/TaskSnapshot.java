/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.event;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/** One process, or one thread with a table of its own, as the kernel had it at {@link #time()}. A flyweight, like {@link Event}. */
public final class TaskSnapshot {
    /** Size of one record. */
    public static final int BYTES = SnapshotLayout.TASK_BYTES;

    private MemorySegment memory = MemorySegment.NULL;
    private long offset;

    /** Points at a record of at least {@link #BYTES}. */
    public TaskSnapshot wrap(MemorySegment in, long at) {
        memory = in;
        offset = at;
        return this;
    }

    /** CLOCK_BOOTTIME nanoseconds at which this record was taken. */
    public long time() {
        return memory.get(JAVA_LONG, offset + SnapshotLayout.TASK_TIME);
    }

    /** Identity of its descriptor table; 0 for a zombie. */
    public long table() {
        return memory.get(JAVA_LONG, offset + SnapshotLayout.TASK_TABLE);
    }

    /** When the process started, CLOCK_BOOTTIME nanoseconds. */
    public long start() {
        return memory.get(JAVA_LONG, offset + SnapshotLayout.TASK_START);
    }

    /** Id of its cgroup in the v2 hierarchy. */
    public long cgroup() {
        return memory.get(JAVA_LONG, offset + SnapshotLayout.TASK_CGROUP);
    }

    /** RLIMIT_NOFILE. */
    public long softLimit() {
        return memory.get(JAVA_LONG, offset + SnapshotLayout.TASK_SOFT_LIMIT);
    }

    /** RLIMIT_NOFILE. */
    public long hardLimit() {
        return memory.get(JAVA_LONG, offset + SnapshotLayout.TASK_HARD_LIMIT);
    }

    public int tgid() {
        return memory.get(JAVA_INT, offset + SnapshotLayout.TASK_TGID);
    }

    /** Equal to tgid for a process. */
    public int tid() {
        return memory.get(JAVA_INT, offset + SnapshotLayout.TASK_TID);
    }

    /** Pid of its parent. */
    public int parent() {
        return memory.get(JAVA_INT, offset + SnapshotLayout.TASK_PARENT);
    }

    /** Its pid inside its own pid namespace. */
    public int nsPid() {
        return memory.get(JAVA_INT, offset + SnapshotLayout.TASK_NS_PID);
    }

    /** Of a zombie, as wait(2) reports it. */
    public int status() {
        return memory.get(JAVA_INT, offset + SnapshotLayout.TASK_STATUS);
    }

    /** Bits of {@link Flags}. */
    public int flags() {
        return Short.toUnsignedInt(memory.get(JAVA_SHORT, offset + SnapshotLayout.TASK_FLAGS));
    }

    public String comm() {
        return EventLayout.comm(memory, offset + SnapshotLayout.TASK_COMM);
    }

    public boolean has(int flag) {
        return (flags() & flag) != 0;
    }
}
