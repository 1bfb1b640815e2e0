/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.event;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * Where each field of each event record stands, in bytes from its start; sizes, too. One fact in two places, bpf/events.h
 * and here, held together by EventLayoutKernelTest.
 *
 * <pre>
 *  event_header   time u64 | table u64 | tgid u32 | tid u32 | fd s32 | flags u16 | type u8 | kind u8
 *  descriptor     header | inode u64 | file u64
 *  census         header | inode u64 | file u64 | readers u32 | writers u32
 *  close_range    header | last u32
 *  table_copy     header | source u64
 *  fork           header | source u64 | start u64 | child u32 | parent u32
 *  exec           header | start u64 | comm 16
 *  exit           header | start u64 | status u32
 *  free           header | start u64
 *  pair           header | inode u64 | peer u64
 *  stack          header | file u64 | second_file u64 | instruction u64 | stack u64 | frame u64 | link u64 | second s32
 *                 | frames u32 | length u32 | walk 16 u64 | bytes 3072
 * </pre>
 */
final class EventLayout {
    static final int TIME = 0;
    static final int TABLE = 8;
    static final int TGID = 16;
    static final int TID = 20;
    static final int FD = 24;
    static final int FLAGS = 28;
    static final int TYPE = 30;
    static final int KIND = 31;
    static final int HEADER_BYTES = 32;

    static final int INODE = 32;
    static final int FILE = 40;
    static final int DESCRIPTOR_BYTES = 48;
    static final int READERS = 48;
    static final int WRITERS = 52;
    static final int CENSUS_BYTES = 56;
    static final int LAST = 32;
    static final int CLOSE_RANGE_BYTES = 40;
    static final int SOURCE = 32;
    static final int TABLE_COPY_BYTES = 40;
    static final int FORK_START = 40;
    static final int FORK_CHILD = 48;
    static final int FORK_PARENT = 52;
    static final int FORK_BYTES = 56;
    static final int START = 32;
    static final int EXEC_COMM = 40;
    static final int EXEC_BYTES = 56;
    static final int STATUS = 40;
    static final int EXIT_BYTES = 48;
    static final int FREE_BYTES = 40;

    static final int PAIR_PEER = 40;
    static final int PAIR_BYTES = 48;
    static final int STACK_FILE = 32;
    static final int STACK_SECOND_FILE = 40;
    static final int STACK_INSTRUCTION = 48;
    static final int STACK_POINTER = 56;
    static final int STACK_FRAME = 64;
    static final int STACK_LINK = 72;
    static final int STACK_SECOND = 80;
    static final int STACK_FRAMES = 84;
    static final int STACK_LENGTH = 88;
    static final int STACK_WALK = 96;
    static final int STACK_COPY = STACK_WALK + 16 * 8;
    static final int STACK_BYTES = STACK_COPY + 3072;

    static final int COMM_BYTES = 16;

    private static final int[] BYTES = {
        HEADER_BYTES,
        DESCRIPTOR_BYTES,
        HEADER_BYTES,
        CLOSE_RANGE_BYTES,
        TABLE_COPY_BYTES,
        FORK_BYTES,
        EXEC_BYTES,
        EXIT_BYTES,
        FREE_BYTES,
        CENSUS_BYTES,
        HEADER_BYTES,
        PAIR_BYTES,
        STACK_BYTES,
    };

    private EventLayout() {}

    /** Bytes of a record of this type. */
    static int bytes(int type) {
        return BYTES[type];
    }

    /** A task's name: up to 15 bytes, ended by a zero, in whatever encoding its owner liked. */
    static String comm(MemorySegment memory, long offset) {
        byte[] bytes = new byte[COMM_BYTES];
        int length = 0;
        for (; length < COMM_BYTES; length++) {
            byte b = memory.get(JAVA_BYTE, offset + length);
            if (b == 0) {
                break;
            }
            bytes[length] = b;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
