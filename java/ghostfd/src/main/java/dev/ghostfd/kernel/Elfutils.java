/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The functions of elfutils' libdw, and of the libelf it brings along, that tell how to step from a frame to its caller.
 * Names and numbers are C's. All of them are in elfutils 0.158 and newer. libdw keeps no lock: an object belongs to one
 * thread at a time.
 */
@SuppressWarnings("restricted") // this package is where native code is called
final class Elfutils {
    static final int ELF_C_READ = 1;
    static final int ELF_K_ELF = 3;
    static final int ELFCLASS64 = 2;

    /** Dwarf_Op: the operation is a byte, the rest of its word is padding. */
    static final StructLayout OPERATION = MemoryLayout.structLayout(
            JAVA_LONG.withName("atom"),
            JAVA_LONG.withName("number"),
            JAVA_LONG.withName("number2"),
            JAVA_LONG.withName("offset"));

    private Elfutils() {}

    /** Whether there is a library that has them; if not, nothing else here may be called. */
    static boolean isAvailable() {
        return Loaded.LIBRARY.isPresent();
    }

    /** NULL when this is no file that libelf can read. */
    static MemorySegment elfBegin(int fd) {
        return Linked.ELF_BEGIN.pointer(fd, ELF_C_READ, MemorySegment.NULL);
    }

    static void elfEnd(MemorySegment elf) {
        Linked.ELF_END.word(elf);
    }

    static int elfKind(MemorySegment elf) {
        return Linked.ELF_KIND.number(elf);
    }

    static int gelfGetclass(MemorySegment elf) {
        return Linked.GELF_GETCLASS.number(elf);
    }

    /** .eh_frame; NULL when the file has none. */
    static MemorySegment dwarfGetcfiElf(MemorySegment elf) {
        return Linked.DWARF_GETCFI_ELF.pointer(elf);
    }

    /** Only for what {@link #dwarfGetcfiElf} returned. */
    static void dwarfCfiEnd(MemorySegment cfi) {
        Linked.DWARF_CFI_END.word(cfi);
    }

    static MemorySegment dwarfBeginElf(MemorySegment elf) {
        return Linked.DWARF_BEGIN_ELF.pointer(elf, 0, MemorySegment.NULL);
    }

    static void dwarfEnd(MemorySegment dwarf) {
        Linked.DWARF_END.word(dwarf);
    }

    /** .debug_frame; NULL when the file has none. */
    static MemorySegment dwarfGetcfi(MemorySegment dwarf) {
        return Linked.DWARF_GETCFI.pointer(dwarf);
    }

    /** 0 and a frame to be freed, or -1 when nothing is told about the address. */
    static int dwarfCfiAddrframe(MemorySegment cfi, long address, MemorySegment frame) {
        return Linked.DWARF_CFI_ADDRFRAME.number(cfi, address, frame);
    }

    /** The register that holds the return address, or -1. */
    static int dwarfFrameInfo(MemorySegment frame, MemorySegment signal) {
        return Linked.DWARF_FRAME_INFO.number(frame, MemorySegment.NULL, MemorySegment.NULL, signal);
    }

    static int dwarfFrameCfa(MemorySegment frame, MemorySegment operations, MemorySegment count) {
        return Linked.DWARF_FRAME_CFA.number(frame, operations, count);
    }

    static int dwarfFrameRegister(
            MemorySegment frame, int register, MemorySegment room, MemorySegment operations, MemorySegment count) {
        return Linked.DWARF_FRAME_REGISTER.number(frame, register, room, operations, count);
    }

    /** Linkage, in one place; initialised by the first call. */
    private static final class Linked {
        static final NativeFunction ELF_BEGIN = link("elf_begin");
        static final NativeFunction ELF_END = link("elf_end");
        static final NativeFunction ELF_KIND = link("elf_kind");
        static final NativeFunction GELF_GETCLASS = link("gelf_getclass");
        static final NativeFunction DWARF_GETCFI_ELF = link("dwarf_getcfi_elf");
        static final NativeFunction DWARF_CFI_END = link("dwarf_cfi_end");
        static final NativeFunction DWARF_BEGIN_ELF = link("dwarf_begin_elf");
        static final NativeFunction DWARF_END = link("dwarf_end");
        static final NativeFunction DWARF_GETCFI = link("dwarf_getcfi");
        static final NativeFunction DWARF_CFI_ADDRFRAME = link("dwarf_cfi_addrframe");
        static final NativeFunction DWARF_FRAME_INFO = link("dwarf_frame_info");
        static final NativeFunction DWARF_FRAME_CFA = link("dwarf_frame_cfa");
        static final NativeFunction DWARF_FRAME_REGISTER = link("dwarf_frame_register");

        static {
            /* libelf refuses everything until it is told which version of ELF its user was written for. */
            link("elf_version").word(1);
        }

        private static NativeFunction link(String name) {
            return NativeFunction.of(Loaded.LIBRARY.orElseThrow(), name);
        }
    }

    /** The library, in which the functions of libelf are found as well. */
    private static final class Loaded {
        /** Of the functions that are used, the last to have been added to libdw. */
        private static final String NEWEST = "dwarf_cfi_addrframe";

        static final Optional<SymbolLookup> LIBRARY = LibraryLocator.libdw()
                .flatMap(Loaded::open)
                .filter(library -> library.find(NEWEST).isPresent());

        private static Optional<SymbolLookup> open(Path path) {
            try {
                return Optional.of(SymbolLookup.libraryLookup(path, Arena.global()));
            } catch (IllegalArgumentException unusable) {
                return Optional.empty();
            }
        }
    }
}
