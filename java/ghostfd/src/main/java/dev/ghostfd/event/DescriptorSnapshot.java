/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.event;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/** One descriptor as the kernel had it at {@link #time()}. A flyweight, like {@link Event}. */
public final class DescriptorSnapshot {
    /** Size of one record. */
    public static final int BYTES = SnapshotLayout.DESCRIPTOR_BYTES;

    private MemorySegment memory = MemorySegment.NULL;
    private long offset;

    /** Points at a record of at least {@link #BYTES}. */
    public DescriptorSnapshot wrap(MemorySegment in, long at) {
        memory = in;
        offset = at;
        return this;
    }

    /** CLOCK_BOOTTIME nanoseconds at which this record was taken. */
    public long time() {
        return memory.get(JAVA_LONG, offset + SnapshotLayout.DESCRIPTOR_TIME);
    }

    /** Identity of the descriptor table. */
    public long table() {
        return memory.get(JAVA_LONG, offset + SnapshotLayout.DESCRIPTOR_TABLE);
    }

    public long inode() {
        return memory.get(JAVA_LONG, offset + SnapshotLayout.DESCRIPTOR_INODE);
    }

    /** Identity of the open file description. */
    public long file() {
        return memory.get(JAVA_LONG, offset + SnapshotLayout.DESCRIPTOR_FILE);
    }

    /** A unix socket: identity of this end, else 0. */
    public long self() {
        return memory.get(JAVA_LONG, offset + SnapshotLayout.DESCRIPTOR_SELF);
    }

    /** A unix socket: identity of the other end, 0 when not connected. */
    public long peer() {
        return memory.get(JAVA_LONG, offset + SnapshotLayout.DESCRIPTOR_PEER);
    }

    public int tgid() {
        return memory.get(JAVA_INT, offset + SnapshotLayout.DESCRIPTOR_TGID);
    }

    public int tid() {
        return memory.get(JAVA_INT, offset + SnapshotLayout.DESCRIPTOR_TID);
    }

    public int fd() {
        return memory.get(JAVA_INT, offset + SnapshotLayout.DESCRIPTOR_FD);
    }

    /** Bits of {@link Flags}. */
    public int flags() {
        return Short.toUnsignedInt(memory.get(JAVA_SHORT, offset + SnapshotLayout.DESCRIPTOR_FLAGS));
    }

    /** Wire code of a {@link Kind}. */
    public int kind() {
        return Byte.toUnsignedInt(memory.get(JAVA_BYTE, offset + SnapshotLayout.DESCRIPTOR_KIND));
    }

    /** A pipe: open file descriptions that can read it. */
    public int readers() {
        return memory.get(JAVA_INT, offset + SnapshotLayout.DESCRIPTOR_READERS);
    }

    /** A pipe: open file descriptions that can write it. */
    public int writers() {
        return memory.get(JAVA_INT, offset + SnapshotLayout.DESCRIPTOR_WRITERS);
    }

    /** A pipe: bytes that lie unread. */
    public int buffered() {
        return memory.get(JAVA_INT, offset + SnapshotLayout.DESCRIPTOR_BUFFERED);
    }

    /** A pipe: a counter that moves with every buffer read. */
    public int consumed() {
        return memory.get(JAVA_INT, offset + SnapshotLayout.DESCRIPTOR_CONSUMED);
    }

    public boolean has(int flag) {
        return (flags() & flag) != 0;
    }
}
