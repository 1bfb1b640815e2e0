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
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.util.Optional;

/**
 * elfutils' libdw (libdw.h, libdwfl.h), as far as call sites need it; all of it is in 0.158 and newer. Names, numbers and
 * structures are C's. Loaded on first use and optional: {@link #unavailable} says why it is not there. A handle of libdw
 * must not be used by two threads at a time.
 */
@SuppressWarnings("restricted") // this package is where native code is called
final class Libdw {
    static final int DW_TAG_CLASS_TYPE = 0x02;
    static final int DW_TAG_ENUMERATION_TYPE = 0x04;
    static final int DW_TAG_LEXICAL_BLOCK = 0x0b;
    static final int DW_TAG_STRUCTURE_TYPE = 0x13;
    static final int DW_TAG_UNION_TYPE = 0x17;
    static final int DW_TAG_INLINED_SUBROUTINE = 0x1d;
    static final int DW_TAG_MODULE = 0x1e;
    static final int DW_TAG_SUBPROGRAM = 0x2e;
    static final int DW_TAG_NAMESPACE = 0x39;
    static final int DW_AT_ABSTRACT_ORIGIN = 0x31;
    static final int DW_AT_SPECIFICATION = 0x47;
    static final int DW_AT_CALL_FILE = 0x58;
    static final int DW_AT_CALL_LINE = 0x59;
    static final int DW_AT_LINKAGE_NAME = 0x6e;
    static final int DWARF_CB_OK = 0;
    static final int DWARF_CB_ABORT = 1;
    /** sizeof(Dwarf_Die), sizeof(Dwarf_Attribute), sizeof(GElf_Sym) and where the last has st_size. */
    static final long DIE_BYTES = 32;

    static final long ATTRIBUTE_BYTES = 24;
    static final long SYMBOL_BYTES = 24;
    static final long SYMBOL_SIZE_AT = 16;

    /** Dwfl_Callbacks: find_elf, find_debuginfo, section_address, debuginfo_path. */
    static final MemoryLayout CALLBACKS = MemoryLayout.sequenceLayout(4, ADDRESS);

    static final long FIND_DEBUGINFO_AT = 8;

    private static final FunctionDescriptor FIND_DEBUGINFO =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
    private static final FunctionDescriptor VISIT_FUNCTION = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);

    private Libdw() {}

    /** Why nothing here may be called; empty when it may. */
    static Optional<String> unavailable() {
        return Loaded.REASON;
    }

    /** Opens the file with a module's debugging information. */
    interface Finder {
        /** A descriptor, which libdw will close, or -1; the link is what the module says of the file, or NULL. */
        int open(MemorySegment link);
    }

    /** Looks at the functions of a compilation unit. */
    interface Visitor {
        /** Whether to go on to the next; the Dwarf_Die is good until then. */
        boolean visit(MemorySegment function);
    }

    /** A Dwfl_Callbacks.find_debuginfo that asks {@code finder} for a descriptor, for as long as the arena lives. */
    static MemorySegment findDebuginfo(Finder finder, Arena arena) {
        return stub("findDebuginfo", Finder.class, finder, FIND_DEBUGINFO, arena);
    }

    /** A callback for dwarf_getfuncs. */
    static MemorySegment visitFunction(Visitor visitor, Arena arena) {
        return stub("visitFunction", Visitor.class, visitor, VISIT_FUNCTION, arena);
    }

    private static <T> MemorySegment stub(
            String method, Class<T> type, T receiver, FunctionDescriptor descriptor, Arena arena) {
        try {
            MethodHandle target = MethodHandles.lookup()
                    .findStatic(Libdw.class, method, descriptor.toMethodType().insertParameterTypes(0, type));
            return Linker.nativeLinker().upcallStub(target.bindTo(receiver), descriptor, arena);
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError(method, impossible);
        }
    }

    /* An exception that reaches native code ends the JVM: both of these let none out. */

    static int findDebuginfo(
            Finder finder,
            MemorySegment module,
            MemorySegment userData,
            MemorySegment moduleName,
            long base,
            MemorySegment fileName,
            MemorySegment link,
            int checksum,
            MemorySegment foundName) {
        try {
            return finder.open(link);
        } catch (RuntimeException | Error unusable) {
            return -1;
        }
    }

    static int visitFunction(Visitor visitor, MemorySegment function, MemorySegment argument) {
        try {
            return visitor.visit(function) ? DWARF_CB_OK : DWARF_CB_ABORT;
        } catch (RuntimeException | Error unusable) {
            return DWARF_CB_ABORT;
        }
    }

    /** Linkage, in one place; touched only once the library has been found. */
    static final class Functions {
        static final NativeFunction DWFL_BEGIN = link("dwfl_begin");
        static final NativeFunction DWFL_END = link("dwfl_end");
        static final NativeFunction DWFL_REPORT_ELF = link("dwfl_report_elf");
        static final NativeFunction DWFL_REPORT_END = link("dwfl_report_end");
        static final NativeFunction DWFL_MODULE_ADDRDIE = link("dwfl_module_addrdie");
        static final NativeFunction DWFL_MODULE_NEXTCU = link("dwfl_module_nextcu");
        static final NativeFunction DWFL_MODULE_ADDRINFO = link("dwfl_module_addrinfo");
        static final NativeFunction DWARF_HASPC = link("dwarf_haspc");
        static final NativeFunction DWARF_CHILD = link("dwarf_child");
        static final NativeFunction DWARF_SIBLINGOF = link("dwarf_siblingof");
        static final NativeFunction DWARF_GETSCOPES_DIE = link("dwarf_getscopes_die");
        static final NativeFunction DWARF_GETFUNCS = link("dwarf_getfuncs");
        static final NativeFunction DWARF_FORMSTRING = link("dwarf_formstring");
        static final NativeFunction DWARF_TAG = link("dwarf_tag");
        static final NativeFunction DWARF_DIENAME = link("dwarf_diename");
        static final NativeFunction DWARF_ATTR = link("dwarf_attr");
        static final NativeFunction DWARF_FORMREF_DIE = link("dwarf_formref_die");
        static final NativeFunction DWARF_FORMUDATA = link("dwarf_formudata");
        static final NativeFunction DWARF_GETSRC_DIE = link("dwarf_getsrc_die");
        static final NativeFunction DWARF_LINESRC = link("dwarf_linesrc");
        static final NativeFunction DWARF_LINENO = link("dwarf_lineno");
        static final NativeFunction DWARF_GETSRCFILES = link("dwarf_getsrcfiles");
        static final NativeFunction DWARF_FILESRC = link("dwarf_filesrc");
        /** Only glibc keeps freed memory back, and only it has this. */
        static final Optional<NativeFunction> MALLOC_TRIM = NativeFunction.ifInLibc("malloc_trim");

        private Functions() {}

        private static NativeFunction link(String name) {
            return NativeFunction.of(Loaded.library(), name);
        }
    }

    /** The library itself, or why it is not there. */
    private static final class Loaded {
        /** Of the functions that are used, the last to have been added to libdw. */
        private static final String NEWEST = "dwfl_module_addrinfo";

        private static final Optional<SymbolLookup> LIBRARY;
        static final Optional<String> REASON;

        static {
            Optional<Path> path = LibraryLocator.libdw();
            Optional<SymbolLookup> library = Optional.empty();
            Optional<String> reason = Optional.empty();
            try {
                library = path.map(found -> SymbolLookup.libraryLookup(found, Arena.global()));
                if (library.isEmpty()) {
                    reason = Optional.of(LibraryLocator.libdwAbsent());
                } else if (library.get().find(NEWEST).isEmpty()) {
                    reason = Optional.of("elfutils older than 0.158: " + path.orElseThrow());
                }
            } catch (IllegalArgumentException unusable) {
                reason = Optional.of("cannot load " + path.orElseThrow() + ", reinstall it");
            }
            LIBRARY = library;
            REASON = reason;
        }

        private Loaded() {}

        static SymbolLookup library() {
            return LIBRARY.orElseThrow();
        }
    }
}
