/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import dev.ghostfd.attribution.code.ElfHeader;
import dev.ghostfd.attribution.code.SectionReader;
import dev.ghostfd.kernel.SourceFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The table that every Go program has of its functions and lines for its own stack traces, also when it is stripped (the
 * forms of Go 1.16, 1.18 and 1.20; see Go's {@code debug/gosym/pclntab.go} and {@code runtime/symtab.go}). Of inlined
 * functions it tells file and line of the innermost; their names, and where they were called, stand elsewhere.
 */
final class GoLineTable {
    private static final int MAGIC_1_16 = 0xfffffffa;
    private static final int MAGIC_1_18 = 0xfffffff0;
    private static final int MAGIC_1_20 = 0xfffffff1;
    private static final int HEADER_BYTES = 8;
    private static final int QUANTUM_AT = 6;
    private static final int POINTER_BYTES_AT = 7;
    private static final int MAX_STEPS = 1 << 20;
    /** PCDATA_InlTreeIndex. */
    private static final int INLINED = 2;

    private static final long NO_FILE = 0xffff_ffffL;

    private final SectionReader table;
    private final int pointerBytes;
    private final int quantum;

    /** Whether functions are given by their distance from the start of the code, since 1.18. */
    private final boolean relative;

    /** Whether a function has the line it begins at, since 1.20. */
    private final boolean startLines;

    private final long textStart;
    private final long names;
    private final long unitFiles;
    private final long fileNames;
    private final long values;
    private final long functions;

    private GoLineTable(SectionReader table, long lowestCode) throws IOException {
        this.table = table;
        ByteBuffer header = table.read(0, HEADER_BYTES);
        int magic = header.getInt(0);
        if (magic != MAGIC_1_16 && magic != MAGIC_1_18 && magic != MAGIC_1_20) {
            throw new IllegalArgumentException("of another version of Go");
        }
        relative = magic != MAGIC_1_16;
        startLines = magic == MAGIC_1_20;
        quantum = header.get(QUANTUM_AT);
        pointerBytes = header.get(POINTER_BYTES_AT);
        /* The number of functions, the number of files, the start of the code, then where each part begins. */
        textStart = relative ? field(2) : 0;
        int first = relative ? 3 : 2;
        names = field(first);
        unitFiles = field(first + 1);
        fileNames = field(first + 2);
        values = field(first + 3);
        functions = field(first + 4);
        if (relative && textStart < lowestCode) {
            throw new IllegalArgumentException("filled in only when the program is loaded");
        }
    }

    /** The function and line of an address, as the file's symbols count; empty where the file has none or is not Go's. */
    static List<SourceFrame> find(Path path, ElfHeader header, long address) {
        if (header.goTable().isEmpty()) {
            return List.of();
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            SectionReader table = new SectionReader(file, header.goTable().get(), header.order());
            return new GoLineTable(table, header.lowestCode()).find(address);
        } catch (IOException | RuntimeException damaged) {
            return List.of();
        }
    }

    private List<SourceFrame> find(long address) throws IOException {
        int low = 0;
        int high = Math.toIntExact(field(0));
        if (address < entry(0) || address >= entry(high)) {
            return List.of();
        }
        while (high - low > 1) {
            int middle = low + high >>> 1;
            if (entry(middle) <= address) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return describe(low, address);
    }

    private List<SourceFrame> describe(int index, long address) throws IOException {
        long entry = entry(index);
        long function = functions
                + (relative
                        ? table.unsigned(functions + index * 2L * Integer.BYTES + Integer.BYTES)
                        : word(functions + (index * 2L + 1) * pointerBytes));
        /* struct _func: the entry; name, arguments, defer; lists of stack, file and line; number of others; unit. */
        long fields = function + (relative ? Integer.BYTES : pointerBytes);
        Optional<String> name = Optional.of(table.text(names + table.unsigned(fields)));
        Optional<String> file = sourceFile(fields, entry, address);
        long number = value(values + table.unsigned(fields + 20), entry, address);
        OptionalInt line = file.isPresent() && number > 0 ? OptionalInt.of((int) number) : OptionalInt.empty();
        if (!isInlined(fields, entry, address)) {
            return List.of(new SourceFrame(name, Optional.empty(), file, line, false));
        }
        return List.of(
                new SourceFrame(Optional.empty(), Optional.empty(), file, line, true),
                new SourceFrame(name, Optional.empty(), sourceFile(fields, entry, entry), OptionalInt.empty(), false));
    }

    /** From the list of positions in the tree of inlined functions, -1 for none. */
    private boolean isInlined(long fields, long entry, long address) throws IOException {
        if (table.unsigned(fields + 24) <= INLINED) {
            return false;
        }
        long list = table.unsigned(fields + (startLines ? 40 : 36) + INLINED * (long) Integer.BYTES);
        return list != 0 && value(values + list, entry, address) >= 0;
    }

    private long entry(int index) throws IOException {
        return relative
                ? textStart + table.unsigned(functions + index * 2L * Integer.BYTES)
                : word(functions + index * 2L * pointerBytes);
    }

    private Optional<String> sourceFile(long fields, long entry, long address) throws IOException {
        long number = value(values + table.unsigned(fields + 16), entry, address);
        if (number < 0) {
            return Optional.empty();
        }
        long at = table.unsigned(unitFiles + (table.unsigned(fields + 28) + number) * Integer.BYTES);
        return at == NO_FILE ? Optional.empty() : Optional.of(table.text(fileNames + at));
    }

    private long field(int index) throws IOException {
        return word(HEADER_BYTES + (long) index * pointerBytes);
    }

    private long word(long at) throws IOException {
        return pointerBytes == Long.BYTES ? table.read(at, Long.BYTES).getLong(0) : table.unsigned(at);
    }

    /** Walks a list of steps, of how much value and address grow; -1 where it does not reach an address. */
    private long value(long at, long entry, long address) throws IOException {
        Steps steps = new Steps(at);
        long value = -1;
        long reached = entry;
        for (int step = 0; step < MAX_STEPS; step++) {
            long zigzag = steps.next();
            if (zigzag == 0 && step > 0) {
                return -1;
            }
            value += zigzag >>> 1 ^ -(zigzag & 1);
            reached += steps.next() * quantum;
            if (address < reached) {
                return value;
            }
        }
        return -1;
    }

    /** Numbers of seven bits a byte, lowest first. */
    private final class Steps {
        private long from;
        private ByteBuffer bytes = ByteBuffer.allocate(0);

        Steps(long from) {
            this.from = from;
        }

        long next() throws IOException {
            long number = 0;
            for (int shift = 0; shift < Integer.SIZE; shift += 7) {
                if (!bytes.hasRemaining()) {
                    bytes = table.chunk(from);
                    from += bytes.limit();
                }
                int part = bytes.get();
                number |= (part & 0x7fL) << shift;
                if (part >= 0) {
                    return number;
                }
            }
            throw new IllegalArgumentException("damaged");
        }
    }
}
