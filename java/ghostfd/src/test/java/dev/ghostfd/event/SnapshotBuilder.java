/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.event;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Writes snapshot records as the kernel's iterators do. */
public final class SnapshotBuilder {
    private SnapshotBuilder() {}

    /** A task; the fields not set are 0. */
    public static final class Task {
        private final MemorySegment memory = MemorySegment.ofArray(new long[SnapshotLayout.TASK_BYTES / Long.BYTES]);

        public Task(long time, int tgid, int tid, long start) {
            memory.set(JAVA_LONG, SnapshotLayout.TASK_TIME, time);
            memory.set(JAVA_LONG, SnapshotLayout.TASK_START, start);
            memory.set(JAVA_INT, SnapshotLayout.TASK_TGID, tgid);
            memory.set(JAVA_INT, SnapshotLayout.TASK_TID, tid);
        }

        public Task table(long identity) {
            memory.set(JAVA_LONG, SnapshotLayout.TASK_TABLE, identity);
            return this;
        }

        public Task parent(int pid) {
            memory.set(JAVA_INT, SnapshotLayout.TASK_PARENT, pid);
            return this;
        }

        public Task limits(long soft, long hard) {
            memory.set(JAVA_LONG, SnapshotLayout.TASK_SOFT_LIMIT, soft);
            memory.set(JAVA_LONG, SnapshotLayout.TASK_HARD_LIMIT, hard);
            return this;
        }

        public Task cgroup(long id) {
            memory.set(JAVA_LONG, SnapshotLayout.TASK_CGROUP, id);
            return this;
        }

        public Task zombie(int waitStatus) {
            memory.set(JAVA_SHORT, SnapshotLayout.TASK_FLAGS, (short) Flags.ZOMBIE);
            memory.set(JAVA_INT, SnapshotLayout.TASK_STATUS, waitStatus);
            return this;
        }

        public Task comm(String comm) {
            byte[] bytes = comm.getBytes(StandardCharsets.UTF_8);
            MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, SnapshotLayout.TASK_COMM, bytes.length);
            return this;
        }

        /** The record as an iterator writes it. */
        public MemorySegment memory() {
            return memory;
        }

        public TaskSnapshot record() {
            return new TaskSnapshot().wrap(memory, 0);
        }
    }

    /** A descriptor; the fields not set are 0. */
    public static final class Descriptor {
        private final MemorySegment memory =
                MemorySegment.ofArray(new long[SnapshotLayout.DESCRIPTOR_BYTES / Long.BYTES]);

        public Descriptor(long time, long table, int fd) {
            memory.set(JAVA_LONG, SnapshotLayout.DESCRIPTOR_TIME, time);
            memory.set(JAVA_LONG, SnapshotLayout.DESCRIPTOR_TABLE, table);
            memory.set(JAVA_INT, SnapshotLayout.DESCRIPTOR_FD, fd);
        }

        public Descriptor task(int tgid, int tid) {
            memory.set(JAVA_INT, SnapshotLayout.DESCRIPTOR_TGID, tgid);
            memory.set(JAVA_INT, SnapshotLayout.DESCRIPTOR_TID, tid);
            return this;
        }

        public Descriptor file(Kind kind, int flags, long inode, long file) {
            memory.set(JAVA_BYTE, SnapshotLayout.DESCRIPTOR_KIND, (byte) kind.ordinal());
            memory.set(JAVA_SHORT, SnapshotLayout.DESCRIPTOR_FLAGS, (short) flags);
            memory.set(JAVA_LONG, SnapshotLayout.DESCRIPTOR_INODE, inode);
            memory.set(JAVA_LONG, SnapshotLayout.DESCRIPTOR_FILE, file);
            return this;
        }

        /** Of a unix socket both ends' identities; of a pidfd its process. */
        public Descriptor ends(long self, long peer) {
            memory.set(JAVA_LONG, SnapshotLayout.DESCRIPTOR_SELF, self);
            memory.set(JAVA_LONG, SnapshotLayout.DESCRIPTOR_PEER, peer);
            return this;
        }

        public Descriptor pipe(int readers, int writers, int buffered, int consumed) {
            memory.set(JAVA_INT, SnapshotLayout.DESCRIPTOR_READERS, readers);
            memory.set(JAVA_INT, SnapshotLayout.DESCRIPTOR_WRITERS, writers);
            memory.set(JAVA_INT, SnapshotLayout.DESCRIPTOR_BUFFERED, buffered);
            memory.set(JAVA_INT, SnapshotLayout.DESCRIPTOR_CONSUMED, consumed);
            return this;
        }

        /** The record as an iterator writes it. */
        public MemorySegment memory() {
            return memory;
        }

        public DescriptorSnapshot record() {
            return new DescriptorSnapshot().wrap(memory, 0);
        }
    }
}
