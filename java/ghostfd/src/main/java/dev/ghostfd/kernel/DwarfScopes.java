/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.MemorySegment.NULL;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ghostfd.kernel.Libdw.Functions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What DWARF says of addresses in one compilation unit. A scope is a function, a block in it, or what a function is
 * declared in.
 */
@SuppressWarnings("restricted") // this package is where native code is called
final class DwarfScopes {
    /** Deeper than compilers go; a damaged file may go round in circles. */
    private static final int MAX_DEPTH = 256;

    private static final int MAX_INLINED = 32;
    private static final int MAX_ORIGINS = 8;
    private static final Set<Integer> QUALIFYING = Set.of(
            Libdw.DW_TAG_NAMESPACE,
            Libdw.DW_TAG_MODULE,
            Libdw.DW_TAG_CLASS_TYPE,
            Libdw.DW_TAG_STRUCTURE_TYPE,
            Libdw.DW_TAG_UNION_TYPE,
            Libdw.DW_TAG_ENUMERATION_TYPE);

    private static final Set<Integer> BLOCKS =
            Set.of(Libdw.DW_TAG_LEXICAL_BLOCK, Libdw.DW_TAG_INLINED_SUBROUTINE, Libdw.DW_TAG_SUBPROGRAM);

    private record Place(Optional<String> file, OptionalInt line) {}

    private final MemorySegment unit;
    private final Arena arena;

    /**
     * For one lookup.
     *
     * @param unit its Dwarf_Die
     * @param arena holds what is read meanwhile
     */
    DwarfScopes(MemorySegment unit, Arena arena) {
        this.unit = unit;
        this.arena = arena;
    }

    /** Innermost first; the symbol names what DWARF does not, code written in assembler for one. */
    List<SourceFrame> frames(long address, Optional<String> symbol) {
        List<SourceFrame> frames = new ArrayList<>();
        Place place = ofAddress(address);
        for (MemorySegment scope : scopes(address)) {
            int tag = Functions.DWARF_TAG.number(scope);
            if (tag == Libdw.DW_TAG_SUBPROGRAM) {
                frames.add(frame(scope, symbol, place, false));
                return frames;
            }
            if (tag == Libdw.DW_TAG_INLINED_SUBROUTINE && frames.size() < MAX_INLINED) {
                frames.add(frame(scope, Optional.empty(), place, true));
                place = ofCall(scope);
            }
        }
        if (symbol.isPresent() || place.file().isPresent()) {
            frames.add(new SourceFrame(symbol, Optional.empty(), place.file(), place.line(), false));
        }
        return frames;
    }

    private SourceFrame frame(MemorySegment function, Optional<String> symbol, Place place, boolean inlined) {
        MemorySegment declaration = declaration(function);
        return new SourceFrame(
                name(function, declaration).or(() -> symbol),
                linkageName(function).or(() -> linkageName(declaration)),
                place.file(),
                place.line(),
                inlined);
    }

    /**
     * The scopes around an address, innermost first, out to the function. Not with dwarf_getscopes: it does not look into
     * namespaces, where Rust's functions stand, and goes on from an inlined function to where that was written.
     */
    private List<MemorySegment> scopes(long address) {
        Deque<MemorySegment> scopes = new ArrayDeque<>();
        Optional<MemorySegment> scope = function(address);
        while (scope.isPresent() && scopes.size() < MAX_DEPTH) {
            scopes.addFirst(scope.get());
            scope = within(scope.get(), address);
        }
        return List.copyOf(scopes);
    }

    /** The one of a scope's own scopes that holds an address. */
    private Optional<MemorySegment> within(MemorySegment scope, long address) {
        MemorySegment child = die();
        int status = Functions.DWARF_CHILD.number(scope, child);
        while (status == 0) {
            if (BLOCKS.contains(Functions.DWARF_TAG.number(child)) && holds(child, address)) {
                return Optional.of(child);
            }
            MemorySegment next = die();
            status = Functions.DWARF_SIBLINGOF.number(child, next);
            child = next;
        }
        return Optional.empty();
    }

    private static boolean holds(MemorySegment scope, long address) {
        return Functions.DWARF_HASPC.number(scope, address) > 0;
    }

    private Optional<MemorySegment> function(long address) {
        MemorySegment found = die();
        boolean[] there = {false};
        MemorySegment visit = Libdw.visitFunction(
                function -> {
                    there[0] = holds(function, address);
                    if (there[0]) {
                        found.copyFrom(function.reinterpret(Libdw.DIE_BYTES));
                    }
                    return !there[0];
                },
                arena);
        Functions.DWARF_GETFUNCS.word(unit, visit, NULL, 0L);
        return there[0] ? Optional.of(found) : Optional.empty();
    }

    /** A scope and those it is nested in, outwards. */
    private List<MemorySegment> around(MemorySegment scope) {
        MemorySegment array = arena.allocate(ADDRESS);
        return taken(array, Functions.DWARF_GETSCOPES_DIE.number(scope, array));
    }

    /** Copies the first of an array of Dwarf_Die that libdw has allocated, and frees it. */
    private List<MemorySegment> taken(MemorySegment array, int count) {
        MemorySegment start = array.get(ADDRESS, 0);
        if (start.equals(NULL)) {
            return List.of();
        }
        List<MemorySegment> copies = new ArrayList<>();
        int kept = Math.clamp(count, 0, MAX_DEPTH);
        MemorySegment dies = start.reinterpret(kept * Libdw.DIE_BYTES);
        for (int i = 0; i < kept; i++) {
            copies.add(die().copyFrom(dies.asSlice(i * Libdw.DIE_BYTES, Libdw.DIE_BYTES)));
        }
        Libc.free(start);
        return copies;
    }

    private MemorySegment die() {
        return arena.allocate(Libdw.DIE_BYTES, Long.BYTES);
    }

    /** With the namespaces and types it is declared in, as in C++ and Rust. Go's names have their package in them. */
    private Optional<String> name(MemorySegment function, MemorySegment declaration) {
        Optional<String> own = text(Functions.DWARF_DIENAME.pointer(function));
        if (own.isEmpty()) {
            return own;
        }
        StringBuilder name = new StringBuilder(own.get());
        around(declaration).stream()
                .skip(1)
                .filter(scope -> QUALIFYING.contains(Functions.DWARF_TAG.number(scope)))
                .forEach(scope -> name.insert(0, "::")
                        .insert(0, text(Functions.DWARF_DIENAME.pointer(scope)).orElse("(anonymous)")));
        return Optional.of(name.toString());
    }

    private Optional<String> linkageName(MemorySegment function) {
        MemorySegment attribute = attribute(function, Libdw.DW_AT_LINKAGE_NAME);
        return attribute.equals(NULL) ? Optional.empty() : text(Functions.DWARF_FORMSTRING.pointer(attribute));
    }

    /** Code refers to the function it is made from, and that to where it was declared. */
    private MemorySegment declaration(MemorySegment function) {
        MemorySegment origin = function;
        for (int step = 0; step < MAX_ORIGINS; step++) {
            MemorySegment attribute = attribute(origin, Libdw.DW_AT_ABSTRACT_ORIGIN);
            if (attribute.equals(NULL)) {
                attribute = attribute(origin, Libdw.DW_AT_SPECIFICATION);
            }
            MemorySegment next = die();
            if (attribute.equals(NULL)
                    || Functions.DWARF_FORMREF_DIE.pointer(attribute, next).equals(NULL)) {
                return origin;
            }
            origin = next;
        }
        return origin;
    }

    private MemorySegment attribute(MemorySegment die, int code) {
        return Functions.DWARF_ATTR.pointer(die, code, arena.allocate(Libdw.ATTRIBUTE_BYTES, Long.BYTES));
    }

    private Place ofAddress(long address) {
        MemorySegment found = Functions.DWARF_GETSRC_DIE.pointer(unit, address);
        if (found.equals(NULL)) {
            return new Place(Optional.empty(), OptionalInt.empty());
        }
        MemorySegment number = arena.allocate(JAVA_INT);
        int status = Functions.DWARF_LINENO.number(found, number);
        return place(
                text(Functions.DWARF_LINESRC.pointer(found, NULL, NULL)), status == 0 ? number.get(JAVA_INT, 0) : 0);
    }

    /** Where an inlined function was called. */
    private Place ofCall(MemorySegment inlined) {
        MemorySegment files = arena.allocate(ADDRESS);
        OptionalLong index = unsigned(inlined, Libdw.DW_AT_CALL_FILE);
        Optional<String> file = Optional.empty();
        if (index.isPresent() && Functions.DWARF_GETSRCFILES.number(unit, files, NULL) == 0) {
            file = text(Functions.DWARF_FILESRC.pointer(files.get(ADDRESS, 0), index.getAsLong(), NULL, NULL));
        }
        return place(file, unsigned(inlined, Libdw.DW_AT_CALL_LINE).orElse(0));
    }

    private OptionalLong unsigned(MemorySegment die, int code) {
        MemorySegment attribute = attribute(die, code);
        MemorySegment value = arena.allocate(JAVA_LONG);
        return attribute.equals(NULL) || Functions.DWARF_FORMUDATA.number(attribute, value) != 0
                ? OptionalLong.empty()
                : OptionalLong.of(value.get(JAVA_LONG, 0));
    }

    /** Line 0 is what compilers write for code that belongs to no line. */
    private static Place place(Optional<String> file, long line) {
        boolean known = file.isPresent() && line > 0 && line <= Integer.MAX_VALUE;
        return new Place(file, known ? OptionalInt.of((int) line) : OptionalInt.empty());
    }

    private static Optional<String> text(MemorySegment pointer) {
        return Optional.of(NativeText.at(pointer)).filter(text -> !text.isEmpty());
    }
}
