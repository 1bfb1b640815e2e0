/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.unwind;

import dev.ghostfd.attribution.ProcessStat;
import dev.ghostfd.attribution.code.Architecture;
import dev.ghostfd.attribution.unwind.FrameCursor.Step;
import dev.ghostfd.kernel.FrameRow;
import dev.ghostfd.lifecycle.ProcessId;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Turns a copied piece of stack into return addresses. Steps by the call frame information of the executables and
 * libraries, where they have it, and by frame pointers through code that has none, such as a JIT compiler's. Where the
 * copy ends, the kernel's own walk goes on, if it has come past the same place. A stack whose places in code have all been
 * seen before takes some microseconds, reads no file and calls no native code.
 *
 * <p>Not thread-safe. Never throws for what a stack or a file holds, and finds no address outside the executable memory of
 * the process, except where it knows nothing of that memory and hands on the kernel's walk.
 */
final class Unwinder implements AutoCloseable {
    /** As many addresses as are found at most. */
    static final int MOST_FRAMES = 32;

    private static final long NANOS_PER_TICK = 10_000_000L;

    private final Path proc;
    private final CodeModules modules;
    private final MemoryMaps maps;
    private final FrameCursor cursor;

    /**
     * Reads nothing yet.
     *
     * @param proc where procfs is mounted, of the initial pid namespace
     * @param libdw whether to use libdw, if it is installed
     */
    Unwinder(Path proc, boolean libdw) {
        this.proc = proc;
        modules = new CodeModules(libdw);
        maps = new MemoryMaps(proc, modules);
        cursor = new FrameCursor(Architecture.current());
    }

    /**
     * Finds the return addresses, innermost first; the instruction pointer itself is the first.
     *
     * @param into room for {@link #MOST_FRAMES}
     * @return how many were found, at least one
     */
    int unwind(StackSample sample, long[] into) {
        cursor.start(sample);
        into[0] = sample.ip();
        Optional<MemoryMap> map = maps.of(sample.process(), sample.image(), sample.ip());
        if (map.isEmpty()) {
            return appendWalk(sample, into, 1, 0, map);
        }
        int mapping = map.get().find(sample.ip());
        if (mapping == MemoryMap.NOWHERE) {
            /* Of a program that this process no longer executes: no place of this map means anything for it. */
            return appendWalk(sample, into, 1, 0, Optional.empty());
        }
        return switch (map.get().module(mapping).map(modules::frames).orElse(CodeModule.Frames.NOT_TOLD)) {
            case TOLD -> step(sample, into, map.get());
            case NOT_TOLD, UNTRIED ->
                isCalledFromTold(map.get()) ? step(sample, into, map.get()) : appendWalk(sample, into, 1, 0, map);
            case UNREADABLE -> guess(sample, into, map.get());
        };
    }

    /**
     * Whether the innermost function is a leaf of a library that tells nothing, as musl does, called from code that does tell.
     * Where the caller tells nothing either, it keeps frame pointers, and the kernel's walk is best: so it is with Go.
     */
    private boolean isCalledFromTold(MemoryMap map) {
        int caller = map.find(cursor.leafReturn() - 1);
        return caller != MemoryMap.NOWHERE
                && map.module(caller)
                        .filter(module -> modules.frames(module) == CodeModule.Frames.TOLD)
                        .isPresent()
                && isBehindCall(map, cursor.leafReturn());
    }

    private int step(StackSample sample, long[] into, MemoryMap first) {
        MemoryMap map = first;
        int depth = 1;
        while (depth < MOST_FRAMES) {
            Step step = depth == 1 ? stepInnermost(map) : step(map);
            if (step == Step.OUTERMOST) {
                return depth;
            }
            if (step == Step.CALLER && !map.isExecutable(cursor.within())) {
                /* Loaded since the map was read, or no code at all. */
                map = maps.of(sample.process(), sample.image(), cursor.within()).orElse(map);
            }
            if (step == Step.UNKNOWN || !map.isExecutable(cursor.within())) {
                return continueWithWalk(sample, into, depth, map);
            }
            into[depth++] = cursor.address();
        }
        return depth;
    }

    private Step step(MemoryMap map) {
        Optional<FrameRow> row = row(map);
        return row.isPresent() ? cursor.step(row.get()) : cursor.stepByFramePointer();
    }

    /**
     * The innermost function may be written in assembler and tell nothing of itself. libc's clone, of which a pidfd may come,
     * even tells that it has no caller: in the child that is so.
     */
    private Step stepInnermost(MemoryMap map) {
        Optional<FrameRow> row = row(map);
        Step step = row.isPresent() ? cursor.step(row.get()) : Step.OUTERMOST;
        if (step == Step.OUTERMOST && isBehindCall(map, cursor.leafReturn())) {
            return cursor.stepFromLeaf();
        }
        return row.isPresent() ? step : cursor.stepByFramePointer();
    }

    private Optional<FrameRow> row(MemoryMap map) {
        long address = cursor.within();
        int mapping = map.find(address);
        Optional<CodeModule> module = mapping == MemoryMap.NOWHERE ? Optional.empty() : map.module(mapping);
        return module.isPresent() ? modules.row(module.get(), map.fileOffset(mapping, address)) : Optional.empty();
    }

    /**
     * Appends what the kernel's walk has beyond the last address found. If that address is of a recursion, it is in both as
     * often.
     */
    private int continueWithWalk(StackSample sample, long[] into, int depth, MemoryMap map) {
        long last = into[depth - 1];
        int times = 0;
        for (int i = 0; i < depth; i++) {
            times += into[i] == last ? 1 : 0;
        }
        for (int i = 0; i < sample.walkDepth(); i++) {
            if (sample.walk()[i] == last && --times == 0) {
                return appendWalk(sample, into, depth, i + 1, Optional.of(map));
            }
        }
        return depth == 1 ? appendWalk(sample, into, 1, 0, Optional.of(map)) : depth;
    }

    /** Appends the kernel's walk from an index on, as far as it leads through code. */
    private static int appendWalk(StackSample sample, long[] into, int from, int walkFrom, Optional<MemoryMap> map) {
        int depth = from;
        for (int i = walkFrom; i < sample.walkDepth() && depth < MOST_FRAMES; i++) {
            long address = sample.walk()[i];
            boolean again = i == 0 && address == into[0];
            if (!again && (address == 0 || map.isPresent() && !map.get().isExecutable(address - 1))) {
                return depth;
            }
            if (!again) {
                into[depth++] = address;
            }
        }
        return depth;
    }

    /**
     * The kernel's walk, and before it the caller of a function without a frame, which the walk leaves out: libc's wrappers
     * of system calls are such.
     */
    private int guess(StackSample sample, long[] into, MemoryMap map) {
        long caller = cursor.leafReturn();
        int walkFrom = sample.walkDepth() > 0 && sample.walk()[0] == sample.ip() ? 1 : 0;
        boolean walked = sample.walkDepth() > walkFrom && sample.walk()[walkFrom] == caller;
        int depth = 1;
        if (!walked && isBehindCall(map, caller)) {
            into[depth++] = caller;
        }
        return appendWalk(sample, into, depth, walkFrom, Optional.of(map));
    }

    private boolean isBehindCall(MemoryMap map, long address) {
        int mapping = map.find(address - 1);
        return mapping != MemoryMap.NOWHERE
                && map.module(mapping)
                        .filter(module -> modules.isBehindCall(module, map.fileOffset(mapping, address)))
                        .isPresent();
    }

    /**
     * Does once what is slow the first time, on this process itself: binding libdw takes longer than many a process lives
     * whose stack is waiting.
     */
    void warmUp() {
        int self = (int) ProcessHandle.current().pid();
        ProcessStat.read(proc, self).ifPresent(stat -> {
            ProcessId process = new ProcessId(self, stat.startTicks() * NANOS_PER_TICK);
            StackSample sample = new StackSample();
            sample.of(process, StackSample.UNKNOWN, 0);
            maps.of(process, StackSample.UNKNOWN, 0).ifPresent(map -> {
                sample.registers(map.somewhere(), 0, 0, StackSample.UNKNOWN);
                unwind(sample, new long[MOST_FRAMES]);
            });
        });
        rest();
    }

    /** Frees what libdw has read of files; it is read again when it is needed. */
    void rest() {
        modules.close();
    }

    @Override
    public void close() {
        modules.close();
    }
}
