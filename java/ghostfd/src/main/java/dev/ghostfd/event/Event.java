/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.event;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/**
 * A flyweight over one event record: {@link #wrap} moves it, the getters read memory. Which getters have a meaning depends
 * on {@link #type()}. Not thread-safe, and never kept beyond the handler's call.
 */
public final class Event {
    private static final int MOST_FRAMES = 16;

    private MemorySegment memory = MemorySegment.NULL;
    private long offset;

    /**
     * Points at a record.
     *
     * @return false if the record is of an unknown type or too short for its type; it must then be skipped
     */
    public boolean wrap(MemorySegment in, long at, int length) {
        memory = in;
        offset = at;
        if (length < EventLayout.HEADER_BYTES) {
            return false;
        }
        int type = type();
        return type > 0 && type < EventType.COUNT && length >= EventLayout.bytes(type);
    }

    /** CLOCK_BOOTTIME nanoseconds. */
    public long time() {
        return memory.get(JAVA_LONG, offset + EventLayout.TIME);
    }

    /** Identity of the descriptor table: equal exactly for the same table; 0 for none. */
    public long table() {
        return memory.get(JAVA_LONG, offset + EventLayout.TABLE);
    }

    public int tgid() {
        return memory.get(JAVA_INT, offset + EventLayout.TGID);
    }

    public int tid() {
        return memory.get(JAVA_INT, offset + EventLayout.TID);
    }

    public int fd() {
        return memory.get(JAVA_INT, offset + EventLayout.FD);
    }

    /** Bits of {@link Flags}. */
    public int flags() {
        return Short.toUnsignedInt(memory.get(JAVA_SHORT, offset + EventLayout.FLAGS));
    }

    public boolean has(int flag) {
        return (flags() & flag) != 0;
    }

    /** One of {@link EventType}; any number when {@link #wrap} returned false. */
    public int type() {
        return Byte.toUnsignedInt(memory.get(JAVA_BYTE, offset + EventLayout.TYPE));
    }

    /** Wire code of a {@link Kind}. */
    public int kind() {
        return Byte.toUnsignedInt(memory.get(JAVA_BYTE, offset + EventLayout.KIND));
    }

    /** OPEN, CENSUS, PAIR. */
    public long inode() {
        return memory.get(JAVA_LONG, offset + EventLayout.INODE);
    }

    /** OPEN, CENSUS: identity of the open file description. */
    public long file() {
        return memory.get(JAVA_LONG, offset + EventLayout.FILE);
    }

    /** CENSUS of a pipe: open file descriptions that can read it. */
    public int readers() {
        return memory.get(JAVA_INT, offset + EventLayout.READERS);
    }

    /** CENSUS of a pipe: open file descriptions that can write it. */
    public int writers() {
        return memory.get(JAVA_INT, offset + EventLayout.WRITERS);
    }

    /** CLOSE_RANGE: the last number, unsigned. */
    public long last() {
        return Integer.toUnsignedLong(memory.get(JAVA_INT, offset + EventLayout.LAST));
    }

    /** FORK, TABLE_COPY: identity of the table that was copied or shared. */
    public long source() {
        return memory.get(JAVA_LONG, offset + EventLayout.SOURCE);
    }

    /** FORK: pid (under {@link Flags#THREAD}: tid) of the new task. */
    public int child() {
        return memory.get(JAVA_INT, offset + EventLayout.FORK_CHILD);
    }

    /** FORK: pid of the new process's parent. */
    public int parent() {
        return memory.get(JAVA_INT, offset + EventLayout.FORK_PARENT);
    }

    /** FORK, EXEC, EXIT, FREE: when the process in question started, CLOCK_BOOTTIME nanoseconds. */
    public long start() {
        return memory.get(JAVA_LONG, offset + (type() == EventType.FORK ? EventLayout.FORK_START : EventLayout.START));
    }

    /** EXEC. */
    public String comm() {
        return EventLayout.comm(memory, offset + EventLayout.EXEC_COMM);
    }

    /** PAIR: inode of the other socket. */
    public long peerInode() {
        return memory.get(JAVA_LONG, offset + EventLayout.PAIR_PEER);
    }

    /** STACK: identity of the open file description behind {@link #fd}. */
    public long stackFile() {
        return memory.get(JAVA_LONG, offset + EventLayout.STACK_FILE);
    }

    /** STACK: the other descriptor of a pair; -1 for none. */
    public int second() {
        return memory.get(JAVA_INT, offset + EventLayout.STACK_SECOND);
    }

    /** STACK: identity of the open file description behind {@link #second}. */
    public long secondFile() {
        return memory.get(JAVA_LONG, offset + EventLayout.STACK_SECOND_FILE);
    }

    /** STACK: where the thread goes on in user space. */
    public long instructionPointer() {
        return memory.get(JAVA_LONG, offset + EventLayout.STACK_INSTRUCTION);
    }

    /** STACK: the user stack pointer, which is the address of what {@link #copyStack} copies. */
    public long stackPointer() {
        return memory.get(JAVA_LONG, offset + EventLayout.STACK_POINTER);
    }

    /** STACK: the user frame pointer, if that register is used as one. */
    public long framePointer() {
        return memory.get(JAVA_LONG, offset + EventLayout.STACK_FRAME);
    }

    /** STACK: the link register, on architectures that have one; else 0. */
    public long linkRegister() {
        return memory.get(JAVA_LONG, offset + EventLayout.STACK_LINK);
    }

    /** STACK: return addresses found along frame pointers, innermost first. */
    public long[] walk() {
        int frames = Math.clamp(memory.get(JAVA_INT, offset + EventLayout.STACK_FRAMES), 0, MOST_FRAMES);
        return memory.asSlice(offset + EventLayout.STACK_WALK, frames * 8L).toArray(JAVA_LONG);
    }

    /**
     * STACK: copies the top of the user stack, as much as could be read.
     *
     * @param into with room for as much as a record holds, 3 KiB
     * @return how many bytes
     */
    public int copyStack(byte[] into) {
        int length = Math.clamp(
                memory.get(JAVA_INT, offset + EventLayout.STACK_LENGTH),
                0,
                Math.min(into.length, EventLayout.STACK_BYTES - EventLayout.STACK_COPY));
        MemorySegment.copy(memory, JAVA_BYTE, offset + EventLayout.STACK_COPY, into, 0, length);
        return length;
    }

    /** EXIT: as wait(2) reports it. */
    public int status() {
        return memory.get(JAVA_INT, offset + EventLayout.STATUS);
    }
}
