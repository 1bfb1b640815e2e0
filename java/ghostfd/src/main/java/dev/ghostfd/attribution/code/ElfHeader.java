/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.code;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the first look at an ELF file tells (elf.h): where its segments go, and which build it is.
 *
 * @param machine what its code is for
 * @param segments those that are loaded
 * @param buildId in hexadecimal
 * @param goTable what a Go program knows of its own lines
 * @param comment what the compilers that made it have said of themselves
 * @param inflatedBytes how much memory its compressed sections take once they are read
 */
public record ElfHeader(
        int machine,
        ByteOrder order,
        List<Segment> segments,
        Optional<String> buildId,
        Optional<Section> goTable,
        Optional<Section> comment,
        long inflatedBytes) {
    /** A part of the file that is told by its name. */
    public record Section(long offset, long length) {}

    /** A part of the file and the address of its first byte, as the file's symbols count. */
    public record Segment(long offset, long address, long length, boolean executable) {}

    private static final int HEADER_BYTES = 64;
    private static final int MAGIC = 0x464c457f;
    private static final int CLASS_AT = 4;
    private static final int CLASS_64 = 2;
    private static final int DATA_AT = 5;
    private static final int BIG_ENDIAN = 2;
    private static final int MACHINE_AT = 18;
    private static final int LOAD = 1;
    private static final int NOTE = 4;
    private static final int EXECUTABLE = 1;
    private static final int BUILD_ID = 3;
    private static final byte[] GNU = {'G', 'N', 'U', 0};
    private static final int MAX_BUILD_ID_BYTES = 64;
    private static final int MAX_NOTE_BYTES = 1 << 16;
    private static final int MAX_TABLE_BYTES = 1 << 20;
    private static final long COMPRESSED = 1 << 11;
    /** How sections began before ELF knew of compression (.zdebug_info); the size follows. */
    private static final int OLD_COMPRESSED = 0x5a4c4942;

    private static final int OLD_HEADER_BYTES = 12;
    private static final int PROGBITS = 1;

    /** The end of the name, which in programs that can be loaded anywhere begins with .data.rel.ro. */
    private static final String GO_TABLE = ".gopclntab";

    private static final String COMMENT = ".comment";

    /** Empty when the file cannot be read or is no ELF file. */
    public static Optional<ElfHeader> read(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return Optional.of(new Parser(channel).parse());
        } catch (IOException | RuntimeException other) {
            return Optional.empty();
        }
    }

    /** The address of a byte of the file, as the file's symbols count. */
    public OptionalLong address(long offset) {
        /* Segments overlap by what is left of their pages; the code is in the executable one. */
        return segments.stream()
                .filter(segment -> segment.executable()
                        && offset >= segment.offset()
                        && offset - segment.offset() < segment.length())
                .mapToLong(segment -> offset - segment.offset() + segment.address())
                .findFirst();
    }

    /** The first address of code, as the file's symbols count. */
    public long lowestCode() {
        return segments.stream()
                .filter(Segment::executable)
                .mapToLong(Segment::address)
                .min()
                .orElse(0);
    }

    private static final class Parser {
        private final FileChannel channel;
        private final ByteBuffer header;
        private final boolean wide;
        private Optional<Section> goTable = Optional.empty();
        private Optional<Section> comment = Optional.empty();
        private long inflatedBytes;

        Parser(FileChannel channel) throws IOException {
            this.channel = channel;
            this.header = at(0, HEADER_BYTES, ByteOrder.LITTLE_ENDIAN);
            if (header.getInt(0) != MAGIC) {
                throw new IllegalArgumentException("no ELF file");
            }
            this.wide = header.get(CLASS_AT) == CLASS_64;
            if (header.get(DATA_AT) == BIG_ENDIAN) {
                header.order(ByteOrder.BIG_ENDIAN);
            }
        }

        ElfHeader parse() throws IOException {
            int size = header.getShort(wide ? 54 : 42) & 0xffff;
            int count = header.getShort(wide ? 56 : 44) & 0xffff;
            ByteBuffer table = at(word(header, wide ? 32 : 28), Math.multiplyExact(size, count), header.order());
            List<Segment> segments = new ArrayList<>();
            Optional<String> buildId = Optional.empty();
            for (int at = 0; at < size * count; at += size) {
                int type = table.getInt(at);
                long offset = word(table, at + (wide ? 8 : 4));
                long length = word(table, at + (wide ? 32 : 16));
                int flags = table.getInt(at + (wide ? 4 : 24));
                if (type == LOAD) {
                    long address = word(table, at + (wide ? 16 : 8));
                    segments.add(new Segment(offset, address, length, (flags & EXECUTABLE) != 0));
                } else if (type == NOTE && buildId.isEmpty() && length <= MAX_NOTE_BYTES) {
                    buildId = buildId(at(offset, (int) length, header.order()));
                }
            }
            int machine = header.getShort(MACHINE_AT) & 0xffff;
            inspectSections();
            return new ElfHeader(
                    machine, header.order(), List.copyOf(segments), buildId, goTable, comment, inflatedBytes);
        }

        private static Optional<String> buildId(ByteBuffer notes) {
            int at = 0;
            while (at + 16 <= notes.limit()) {
                int nameBytes = notes.getInt(at);
                int length = notes.getInt(at + 4);
                int text = at + 12 + (nameBytes + 3 & ~3);
                if (nameBytes < 0 || length < 0 || text < 0) {
                    return Optional.empty();
                }
                boolean gnu = nameBytes == GNU.length
                        && notes.slice(at + 12, nameBytes).equals(ByteBuffer.wrap(GNU));
                if (gnu && notes.getInt(at + 8) == BUILD_ID && length <= MAX_BUILD_ID_BYTES) {
                    byte[] id = new byte[length];
                    notes.get(text, id);
                    return Optional.of(HexFormat.of().formatHex(id));
                }
                at = text + (length + 3 & ~3);
            }
            return Optional.empty();
        }

        private void inspectSections() throws IOException {
            int size = header.getShort(wide ? 58 : 46) & 0xffff;
            int count = header.getShort(wide ? 60 : 48) & 0xffff;
            int naming = header.getShort(wide ? 62 : 50) & 0xffff;
            ByteBuffer table = at(word(header, wide ? 40 : 32), Math.multiplyExact(size, count), header.order());
            ByteBuffer names = naming < count ? content(table, naming * size) : ByteBuffer.allocate(0);
            for (int at = 0; at < size * count; at += size) {
                long offset = word(table, at + (wide ? 24 : 16));
                long length = word(table, at + (wide ? 32 : 20));
                if ((word(table, at + 8) & COMPRESSED) != 0) {
                    ByteBuffer compression = at(offset, wide ? 24 : 12, header.order());
                    inflatedBytes = Math.addExact(inflatedBytes, Math.max(0, word(compression, wide ? 8 : 4)));
                } else if (table.getInt(at + 4) == PROGBITS && length > OLD_HEADER_BYTES) {
                    ByteBuffer start = at(offset, OLD_HEADER_BYTES, ByteOrder.BIG_ENDIAN);
                    long inflated = start.getInt(0) == OLD_COMPRESSED ? Math.abs(start.getLong(4)) : 0;
                    inflatedBytes = Math.addExact(inflatedBytes, inflated);
                    String name = name(names, table.getInt(at));
                    if (name.endsWith(GO_TABLE)) {
                        goTable = Optional.of(new Section(offset, length));
                    } else if (name.equals(COMMENT)) {
                        comment = Optional.of(new Section(offset, length));
                    }
                }
            }
        }

        private ByteBuffer content(ByteBuffer table, int at) throws IOException {
            long length = Math.min(MAX_TABLE_BYTES, word(table, at + (wide ? 32 : 20)));
            return at(word(table, at + (wide ? 24 : 16)), (int) length, header.order());
        }

        private static String name(ByteBuffer names, int at) {
            int end = at;
            while (end >= 0 && end < names.limit() && names.get(end) != 0) {
                end++;
            }
            byte[] text = new byte[Math.max(0, end - at)];
            if (text.length > 0) {
                names.get(at, text);
            }
            return new String(text, StandardCharsets.ISO_8859_1);
        }

        /** An address, offset or size. */
        private long word(ByteBuffer from, int at) {
            return wide ? from.getLong(at) : from.getInt(at) & 0xffff_ffffL;
        }

        private ByteBuffer at(long offset, int length, ByteOrder order) throws IOException {
            if (offset < 0 || length < 0 || length > MAX_TABLE_BYTES) {
                throw new IllegalArgumentException("no sound ELF file");
            }
            ByteBuffer bytes = ByteBuffer.allocate(length).order(order);
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, offset + bytes.position()) < 0) {
                    throw new IllegalArgumentException("cut off");
                }
            }
            return bytes.flip().order(order);
        }
    }
}
