/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.code;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * A section of an ELF file, read piece by piece: it may be large, and mapping a file that somebody cuts off ends the
 * process. Reading outside of it is an IllegalArgumentException.
 */
public record SectionReader(FileChannel file, ElfHeader.Section section, ByteOrder order) {
    private static final int CHUNK = 4096;

    /** Exactly so many bytes. */
    public ByteBuffer read(long at, int length) throws IOException {
        if (at < 0 || length <= 0 || at > section.length() - length) {
            throw new IllegalArgumentException("damaged");
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).order(order);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, section.offset() + at + bytes.position()) < 0) {
                throw new IllegalArgumentException("cut off");
            }
        }
        return bytes.flip();
    }

    /** What there is, up to a limit that texts and lists seldom pass. */
    public ByteBuffer chunk(long at) throws IOException {
        return read(at, Math.clamp(section.length() - at, 0, CHUNK));
    }

    public long unsigned(long at) throws IOException {
        return read(at, Integer.BYTES).getInt(0) & 0xffff_ffffL;
    }

    /** Up to the zero byte, without control characters. */
    public String text(long at) throws IOException {
        ByteBuffer bytes = chunk(at);
        int length = 0;
        while (length < bytes.limit() && bytes.get(length) != 0) {
            length++;
        }
        byte[] text = new byte[length];
        bytes.get(0, text);
        return new String(text, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
    }
}
