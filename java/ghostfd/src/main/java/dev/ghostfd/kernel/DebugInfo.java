/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.MemorySegment.NULL;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ghostfd.kernel.Libdw.Functions;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The symbols and the debugging information of one executable or library, read through libdw. Maps the file for as long as
 * it is open, so it should not be for long. For one thread; looking up may take milliseconds, in a large file the first
 * time a second. What is damaged or missing is not told of.
 */
public final class DebugInfo implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final DebugFiles debugFiles;
    private int fd = -1;
    private FileTime modified = FileTime.fromMillis(0);
    private long size;
    private MemorySegment session = NULL;
    private MemorySegment module = NULL;

    private DebugInfo(DebugFiles debugFiles) {
        this.debugFiles = debugFiles;
    }

    /** Why there is no libdw to read with; empty when there is. */
    public static Optional<String> unavailable() {
        return Libdw.unavailable();
    }

    /**
     * Opens a file; empty when it cannot be read, is no ELF file or libdw is not there.
     *
     * @param separate where to look for what has been split off
     */
    public static Optional<DebugInfo> open(Path file, DebugFiles separate) {
        if (unavailable().isPresent()) {
            return Optional.empty();
        }
        DebugInfo info = new DebugInfo(separate);
        try {
            if (info.begin(file)) {
                return Optional.of(info);
            }
        } catch (IOException vanished) {
            /* Like a file that was not there in the first place. */
        }
        info.close();
        return Optional.empty();
    }

    private boolean begin(Path file) throws IOException {
        fd = openForReading(file);
        if (fd < 0) {
            return false;
        }
        BasicFileAttributes attributes = attributes();
        modified = attributes.lastModifiedTime();
        size = attributes.size();
        MemorySegment callbacks = arena.allocate(Libdw.CALLBACKS);
        callbacks.set(ADDRESS, Libdw.FIND_DEBUGINFO_AT, Libdw.findDebuginfo(this::openSeparate, arena));
        session = Functions.DWFL_BEGIN.pointer(callbacks);
        if (!attributes.isRegularFile() || session.equals(NULL)) {
            return false;
        }
        /* libdw closes its descriptor when it likes; ours stays, to see whether the file is still the same. */
        int given = openForReading(descriptorPath());
        MemorySegment name = arena.allocateFrom(file.toString());
        module = Functions.DWFL_REPORT_ELF.pointer(session, name, name, given, 0L, true);
        if (module.equals(NULL)) {
            Libc.close(given);
            return false;
        }
        return Functions.DWFL_REPORT_END.number(session, NULL, NULL) == 0;
    }

    /** Non-blocking, because somebody may have put a FIFO there. */
    private static int openForReading(Path file) {
        return Libc.open(file.toString(), Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK);
    }

    private int openSeparate(MemorySegment link) {
        return debugFiles
                .find(NativeText.at(link))
                .map(DebugInfo::openForReading)
                .orElse(-1);
    }

    private Path descriptorPath() {
        return Path.of("/proc/self/fd", Integer.toString(fd));
    }

    private BasicFileAttributes attributes() throws IOException {
        return Files.readAttributes(descriptorPath(), BasicFileAttributes.class);
    }

    /**
     * Whether the file is as it was when it was opened. A lookup in a file that somebody has cut off would end the process
     * with SIGBUS, because it is mapped: ask before each.
     */
    public boolean isUnchanged() {
        try {
            BasicFileAttributes now = attributes();
            return now.size() == size && now.lastModifiedTime().equals(modified);
        } catch (IOException gone) {
            return false;
        }
    }

    /**
     * The functions that an address lies in, innermost first: those inlined there, then the one that holds them; empty when
     * nothing is known of it.
     *
     * @param address as the module's own symbols count
     */
    public List<SourceFrame> frames(long address) {
        try (Arena lookup = Arena.ofConfined()) {
            Optional<String> symbol = symbol(address, lookup);
            MemorySegment bias = lookup.allocate(JAVA_LONG);
            MemorySegment unit = unit(address, bias);
            if (unit.equals(NULL)) {
                return symbol.map(name -> List.of(new SourceFrame(
                                Optional.of(name), Optional.empty(), Optional.empty(), OptionalInt.empty(), false)))
                        .orElse(List.of());
            }
            return new DwarfScopes(unit, lookup).frames(address - bias.get(JAVA_LONG, 0), symbol);
        }
    }

    /**
     * The compilation unit of an address. Many compilers leave out the index that libdw looks it up in, or fill in only a
     * part; it then takes what lies between for the unit before.
     */
    private MemorySegment unit(long address, MemorySegment bias) {
        MemorySegment unit = Functions.DWFL_MODULE_ADDRDIE.pointer(module, address, bias);
        if (unit.equals(NULL) || !holds(unit, address, bias)) {
            unit = NULL;
            do {
                unit = Functions.DWFL_MODULE_NEXTCU.pointer(module, unit, bias);
            } while (!unit.equals(NULL) && !holds(unit, address, bias));
        }
        return unit;
    }

    private static boolean holds(MemorySegment unit, long address, MemorySegment bias) {
        return Functions.DWARF_HASPC.number(unit, address - bias.get(JAVA_LONG, 0)) > 0;
    }

    /** The symbol whose extent an address lies in. The nearest before it would often be wrong in a stripped file. */
    private Optional<String> symbol(long address, Arena lookup) {
        MemorySegment offset = lookup.allocate(JAVA_LONG);
        MemorySegment symbol = lookup.allocate(Libdw.SYMBOL_BYTES, Long.BYTES);
        MemorySegment name = Functions.DWFL_MODULE_ADDRINFO.pointer(module, address, offset, symbol, NULL, NULL, NULL);
        long length = symbol.get(JAVA_LONG, Libdw.SYMBOL_SIZE_AT);
        return Optional.of(NativeText.at(name))
                .filter(text -> !text.isEmpty() && Long.compareUnsigned(offset.get(JAVA_LONG, 0), length) < 0);
    }

    /** Unmaps the file. */
    @Override
    public void close() {
        if (!session.equals(NULL)) {
            Functions.DWFL_END.word(session);
            session = NULL;
            /* A large program's debugging information would stay with the allocator for good. */
            Functions.MALLOC_TRIM.ifPresent(trim -> trim.word(0));
        }
        if (fd >= 0) {
            Libc.close(fd);
            fd = -1;
        }
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
