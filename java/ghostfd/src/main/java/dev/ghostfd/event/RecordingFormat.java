/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.event;

/**
 * The recording file, all numbers little-endian.
 *
 * <pre>
 *  header  "GHOSTFD\n" | version u32 | checksum u32 | wall clock offset s64 | grace s64
 *  block   stored length u32 | plain length u32 | checksum u32 | deflated entries
 *  entry   type u8 (below 128: record)  | length u16 | bytes
 *          type u8 (from 128 on: mark)  | time s64   | argument s64
 *  end     a block that holds one entry: mark END
 * </pre>
 *
 * Checksums are CRC-32C, of the header's last sixteen bytes and of a block's lengths and stored bytes. An entry never spans
 * blocks, so whatever is before a damaged block can be used.
 */
final class RecordingFormat {
    static final byte[] MAGIC = {'G', 'H', 'O', 'S', 'T', 'F', 'D', '\n'};
    static final int VERSION = 1;
    static final int HEADER_BYTES = 32;
    static final int BLOCK_HEADER_BYTES = 12;
    static final int BLOCK_BYTES = 64 << 10;
    static final int MARK = 128;
    static final int END = 127;
    static final int RECORD_OVERHEAD = 3;
    static final int MARK_BYTES = 17;
    static final int LONGEST_RECORD = 0xffff;

    private RecordingFormat() {}
}
