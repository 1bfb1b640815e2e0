/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
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
        try {
            return (MemorySegment) Linked.ELF_BEGIN.invokeExact(fd, ELF_C_READ, MemorySegment.NULL);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static void elfEnd(MemorySegment elf) {
        try {
            var _ = (int) Linked.ELF_END.invokeExact(elf);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static int elfKind(MemorySegment elf) {
        try {
            return (int) Linked.ELF_KIND.invokeExact(elf);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static int gelfGetclass(MemorySegment elf) {
        try {
            return (int) Linked.GELF_GETCLASS.invokeExact(elf);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** .eh_frame; NULL when the file has none. */
    static MemorySegment dwarfGetcfiElf(MemorySegment elf) {
        try {
            return (MemorySegment) Linked.DWARF_GETCFI_ELF.invokeExact(elf);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Only for what {@link #dwarfGetcfiElf} returned. */
    static void dwarfCfiEnd(MemorySegment cfi) {
        try {
            var _ = (int) Linked.DWARF_CFI_END.invokeExact(cfi);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static MemorySegment dwarfBeginElf(MemorySegment elf) {
        try {
            return (MemorySegment) Linked.DWARF_BEGIN_ELF.invokeExact(elf, 0, MemorySegment.NULL);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static void dwarfEnd(MemorySegment dwarf) {
        try {
            var _ = (int) Linked.DWARF_END.invokeExact(dwarf);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** .debug_frame; NULL when the file has none. */
    static MemorySegment dwarfGetcfi(MemorySegment dwarf) {
        try {
            return (MemorySegment) Linked.DWARF_GETCFI.invokeExact(dwarf);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** 0 and a frame to be freed, or -1 when nothing is told about the address. */
    static int dwarfCfiAddrframe(MemorySegment cfi, long address, MemorySegment frame) {
        try {
            return (int) Linked.DWARF_CFI_ADDRFRAME.invokeExact(cfi, address, frame);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** The register that holds the return address, or -1. */
    static int dwarfFrameInfo(MemorySegment frame, MemorySegment signal) {
        try {
            return (int) Linked.DWARF_FRAME_INFO.invokeExact(frame, MemorySegment.NULL, MemorySegment.NULL, signal);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static int dwarfFrameCfa(MemorySegment frame, MemorySegment operations, MemorySegment count) {
        try {
            return (int) Linked.DWARF_FRAME_CFA.invokeExact(frame, operations, count);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static int dwarfFrameRegister(
            MemorySegment frame, int register, MemorySegment room, MemorySegment operations, MemorySegment count) {
        try {
            return (int) Linked.DWARF_FRAME_REGISTER.invokeExact(frame, register, room, operations, count);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static void free(MemorySegment pointer) {
        try {
            Linked.FREE.invokeExact(pointer);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Linkage, in one place; initialised by the first call. */
    private static final class Linked {
        static final MethodHandle ELF_BEGIN =
                link("elf_begin", FunctionDescriptor.of(ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
        static final MethodHandle ELF_END = link("elf_end", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        static final MethodHandle ELF_KIND = link("elf_kind", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        static final MethodHandle GELF_GETCLASS = link("gelf_getclass", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        static final MethodHandle DWARF_GETCFI_ELF = link("dwarf_getcfi_elf", FunctionDescriptor.of(ADDRESS, ADDRESS));
        static final MethodHandle DWARF_CFI_END = link("dwarf_cfi_end", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        static final MethodHandle DWARF_BEGIN_ELF =
                link("dwarf_begin_elf", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, ADDRESS));
        static final MethodHandle DWARF_END = link("dwarf_end", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        static final MethodHandle DWARF_GETCFI = link("dwarf_getcfi", FunctionDescriptor.of(ADDRESS, ADDRESS));
        static final MethodHandle DWARF_CFI_ADDRFRAME =
                link("dwarf_cfi_addrframe", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS));
        static final MethodHandle DWARF_FRAME_INFO =
                link("dwarf_frame_info", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
        static final MethodHandle DWARF_FRAME_CFA =
                link("dwarf_frame_cfa", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
        static final MethodHandle DWARF_FRAME_REGISTER = link(
                "dwarf_frame_register", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
        static final MethodHandle FREE = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().find("free").orElseThrow(),
                        FunctionDescriptor.ofVoid(ADDRESS));

        static {
            /* libelf refuses everything until it is told which version of ELF its user was written for. */
            try {
                var _ = (int) link("elf_version", FunctionDescriptor.of(JAVA_INT, JAVA_INT))
                        .invokeExact(1);
            } catch (Throwable impossible) {
                throw new AssertionError(impossible);
            }
        }

        private static MethodHandle link(String name, FunctionDescriptor descriptor) {
            MemorySegment function = Loaded.LIBRARY.orElseThrow().find(name).orElseThrow();
            return Linker.nativeLinker().downcallHandle(function, descriptor);
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
