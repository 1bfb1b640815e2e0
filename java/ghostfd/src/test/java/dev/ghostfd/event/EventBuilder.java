/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.event;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Writes a record as the kernel side does, exactly as long as its type asks for. */
public final class EventBuilder {
    private final MemorySegment memory;

    private EventBuilder(int type) {
        memory = MemorySegment.ofArray(new long[EventLayout.bytes(type) / Long.BYTES]);
        memory.set(JAVA_BYTE, EventLayout.TYPE, (byte) type);
        memory.set(JAVA_INT, EventLayout.FD, -1);
    }

    public static EventBuilder of(int type) {
        return new EventBuilder(type);
    }

    public EventBuilder time(long nanos) {
        return put(EventLayout.TIME, nanos);
    }

    public EventBuilder table(long identity) {
        return put(EventLayout.TABLE, identity);
    }

    public EventBuilder by(int tgid, int tid) {
        return put(EventLayout.TGID, tgid).put(EventLayout.TID, tid);
    }

    public EventBuilder fd(int fd) {
        return put(EventLayout.FD, fd);
    }

    public EventBuilder flags(int flags) {
        memory.set(JAVA_SHORT, EventLayout.FLAGS, (short) flags);
        return this;
    }

    public EventBuilder kind(int code) {
        memory.set(JAVA_BYTE, EventLayout.KIND, (byte) code);
        return this;
    }

    public EventBuilder inode(long inode) {
        return put(EventLayout.INODE, inode);
    }

    public EventBuilder file(long identity) {
        return put(EventLayout.FILE, identity);
    }

    /** CENSUS of a pipe: open file descriptions at either side. */
    public EventBuilder pipe(int readers, int writers) {
        return put(EventLayout.READERS, readers).put(EventLayout.WRITERS, writers);
    }

    /** PAIR: inode of the other socket. */
    public EventBuilder peerInode(long inode) {
        return put(EventLayout.PAIR_PEER, inode);
    }

    public EventBuilder last(int fd) {
        return put(EventLayout.LAST, fd);
    }

    public EventBuilder source(long table) {
        return put(EventLayout.SOURCE, table);
    }

    public EventBuilder child(int pid, long start, int parent) {
        return put(EventLayout.FORK_CHILD, pid)
                .put(EventLayout.FORK_START, start)
                .put(EventLayout.FORK_PARENT, parent);
    }

    /** Of EXEC, EXIT and FREE; a fork's is part of {@link #child}. */
    public EventBuilder start(long nanos) {
        return put(EventLayout.START, nanos);
    }

    public EventBuilder comm(String comm) {
        byte[] bytes = comm.getBytes(StandardCharsets.UTF_8);
        MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, EventLayout.EXEC_COMM, bytes.length);
        return this;
    }

    public EventBuilder status(int waitStatus) {
        return put(EventLayout.STATUS, waitStatus);
    }

    /** The record as it stands in the ring. */
    public MemorySegment memory() {
        return memory;
    }

    /** STACK: the two descriptors, what stands behind them, and how much of walk and copy is said to be filled. */
    public EventBuilder stack(long file, int second, long secondFile, int frames, int length) {
        return put(EventLayout.STACK_FILE, file)
                .put(EventLayout.STACK_SECOND, second)
                .put(EventLayout.STACK_SECOND_FILE, secondFile)
                .put(EventLayout.STACK_FRAMES, frames)
                .put(EventLayout.STACK_LENGTH, length);
    }

    /** STACK: one return address. */
    public EventBuilder frame(int index, long address) {
        return put(EventLayout.STACK_WALK + 8L * index, address);
    }

    /** The record, through the flyweight that production code uses. */
    public Event event() {
        Event event = new Event();
        if (!event.wrap(memory, 0, (int) memory.byteSize())) {
            throw new IllegalStateException("the flyweight refuses a record of its own layout, type " + event.type());
        }
        return event;
    }

    private EventBuilder put(long offset, int value) {
        memory.set(JAVA_INT, offset, value);
        return this;
    }

    private EventBuilder put(long offset, long value) {
        memory.set(JAVA_LONG, offset, value);
        return this;
    }
}
