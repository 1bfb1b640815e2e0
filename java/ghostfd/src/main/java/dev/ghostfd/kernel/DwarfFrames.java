/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Call frame information of one executable or library: .eh_frame, which even stripped files keep, and .debug_frame for
 * what that does not cover. The file is read, never mapped, so that one which is cut short meanwhile cannot end this
 * process with SIGBUS; what libdw has read of it stays in native memory until closed. Not thread-safe.
 */
@SuppressWarnings("restricted") // this package is where native code is called
public final class DwarfFrames implements AutoCloseable {
    /** Through 31 all that compilers of x86-64 (17 registers) and aarch64 (31 and sp) save. */
    private static final int REGISTERS = 32;

    private final Arena arena = Arena.ofShared();
    /* Where libdw leaves its results, used again for every question. */
    private final MemorySegment pointer = arena.allocate(ADDRESS);
    private final MemorySegment count = arena.allocate(JAVA_LONG);
    private final MemorySegment flag = arena.allocate(JAVA_BOOLEAN);
    private final MemorySegment room = arena.allocate(Elfutils.OPERATION, 3);

    private final int fd;
    private final boolean wantsDebugFrame;
    private MemorySegment elf = MemorySegment.NULL;
    private MemorySegment ehFrame = MemorySegment.NULL;
    private MemorySegment dwarf = MemorySegment.NULL;
    private MemorySegment debugFrame = MemorySegment.NULL;
    private boolean debugFrameLookedFor;

    private DwarfFrames(int fd, boolean wantsDebugFrame) {
        this.fd = fd;
        this.wantsDebugFrame = wantsDebugFrame;
    }

    /** Whether libdw is installed: if not, {@link #open} must not be called. */
    public static boolean isAvailable() {
        return Elfutils.isAvailable();
    }

    /**
     * Opens a regular file; empty when it cannot be read or is not a 64-bit ELF file.
     *
     * @param debugFrame whether to look for .debug_frame as well: libdw then reads all debug sections into memory
     */
    public static Optional<DwarfFrames> open(Path file, boolean debugFrame) {
        int fd = Libc.open(file.toString(), Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK);
        if (fd < 0) {
            return Optional.empty();
        }
        DwarfFrames frames = new DwarfFrames(fd, debugFrame);
        if (frames.read()) {
            return Optional.of(frames);
        }
        frames.close();
        return Optional.empty();
    }

    private boolean read() {
        elf = Elfutils.elfBegin(fd);
        if (isNull(elf)
                || Elfutils.elfKind(elf) != Elfutils.ELF_K_ELF
                || Elfutils.gelfGetclass(elf) != Elfutils.ELFCLASS64) {
            return false;
        }
        ehFrame = Elfutils.dwarfGetcfiElf(elf);
        return true;
    }

    /** Whether there is .eh_frame at all: Go's linker writes none, other compilers write it even without -g. */
    public boolean hasEhFrame() {
        return !isNull(ehFrame);
    }

    /** How to leave the function at an address of the file's own; empty where the file does not tell. */
    public Optional<FrameRow> rowAt(long address) {
        Optional<FrameRow> row = rowAt(ehFrame, address);
        return row.isPresent() ? row : rowAt(debugFrame(), address);
    }

    private MemorySegment debugFrame() {
        if (!debugFrameLookedFor) {
            debugFrameLookedFor = true;
            dwarf = wantsDebugFrame ? Elfutils.dwarfBeginElf(elf) : MemorySegment.NULL;
            debugFrame = isNull(dwarf) ? MemorySegment.NULL : Elfutils.dwarfGetcfi(dwarf);
        }
        return debugFrame;
    }

    private Optional<FrameRow> rowAt(MemorySegment cfi, long address) {
        if (isNull(cfi) || Elfutils.dwarfCfiAddrframe(cfi, address, pointer) != 0) {
            return Optional.empty();
        }
        MemorySegment frame = pointer.get(ADDRESS, 0);
        try {
            int returnRegister = Elfutils.dwarfFrameInfo(frame, flag);
            boolean signal = flag.get(JAVA_BOOLEAN, 0);
            if (returnRegister < 0 || Elfutils.dwarfFrameCfa(frame, pointer, count) != 0) {
                return Optional.empty();
            }
            List<RegisterRule> rules = new ArrayList<>(REGISTERS);
            Optional<DwarfExpression> cfa = answer();
            for (int register = 0; cfa.isPresent() && register < REGISTERS; register++) {
                rules.add(rule(frame, register));
            }
            return cfa.map(found -> new FrameRow(found, returnRegister, signal, List.copyOf(rules)));
        } finally {
            Libc.free(frame);
        }
    }

    private RegisterRule rule(MemorySegment frame, int register) {
        if (Elfutils.dwarfFrameRegister(frame, register, room, pointer, count) != 0) {
            return RegisterRule.LOST;
        }
        if (count.get(JAVA_LONG, 0) == 0) {
            /* libdw.h: no operations and NULL is "same value", no operations in the caller's room is "undefined". */
            return isNull(pointer.get(ADDRESS, 0)) ? RegisterRule.KEPT : RegisterRule.LOST;
        }
        return answer().<RegisterRule>map(RegisterRule.Told::new).orElse(RegisterRule.LOST);
    }

    /** The expression that libdw has just pointed to. */
    private Optional<DwarfExpression> answer() {
        long operations = count.get(JAVA_LONG, 0);
        MemorySegment first = pointer.get(ADDRESS, 0);
        return operations <= 0 || isNull(first)
                ? Optional.empty()
                : DwarfExpression.of(first.reinterpret(operations * Elfutils.OPERATION.byteSize()), operations);
    }

    private static boolean isNull(MemorySegment segment) {
        return segment.address() == 0;
    }

    @Override
    public void close() {
        if (!isNull(dwarf)) {
            Elfutils.dwarfEnd(dwarf);
        }
        if (!isNull(ehFrame)) {
            Elfutils.dwarfCfiEnd(ehFrame);
        }
        if (!isNull(elf)) {
            Elfutils.elfEnd(elf);
        }
        dwarf = MemorySegment.NULL;
        ehFrame = MemorySegment.NULL;
        elf = MemorySegment.NULL;
        if (arena.scope().isAlive()) {
            Libc.close(fd);
            arena.close();
        }
    }
}
