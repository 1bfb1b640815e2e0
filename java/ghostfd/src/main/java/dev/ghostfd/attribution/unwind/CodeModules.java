/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.unwind;

import dev.ghostfd.attribution.code.FileKey;
import dev.ghostfd.attribution.code.ModuleFile;
import dev.ghostfd.kernel.DwarfFrames;
import dev.ghostfd.kernel.FrameRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The executables and libraries that processes have mapped, and what they tell about their frames. Of all that have been
 * seen only a few are open at a time; rows once read are kept apart from them, so that a stack that was seen before needs
 * no file. For one thread.
 */
final class CodeModules implements AutoCloseable {
    private static final int MOST_KNOWN = 1024;

    /** Each costs a descriptor and a copy of its .eh_frame, 100 KiB to some MiB. */
    private static final int MOST_OPEN = 8;

    /** A power of two. A row is about a kilobyte, and a node's descriptors are made in few places. */
    private static final int ROWS = 2048;

    /** A power of two. Few functions are asked for that have no frame. */
    private static final int CALLS = 256;

    private record KeptRow(int module, long fileOffset, Optional<FrameRow> row) {}

    private record KeptCall(int module, long fileOffset, boolean behindCall) {}

    private final boolean available;
    private final KeptRow[] rows = new KeptRow[ROWS];
    private final KeptCall[] calls = new KeptCall[CALLS];
    private final List<CodeModule> open = new ArrayList<>();
    private final Map<FileKey, CodeModule> known = new LinkedHashMap<>(16, 0.75f, true);
    private int made;
    private long uses;

    /**
     * Knows none yet.
     *
     * @param libdw whether to use libdw, if it is installed
     */
    CodeModules(boolean libdw) {
        available = libdw && DwarfFrames.isAvailable();
        Arrays.fill(rows, new KeptRow(0, 0, Optional.empty()));
        Arrays.fill(calls, new KeptCall(0, 0, false));
    }

    /** The module in the file behind a mapping; empty when there is none that can be found. */
    Optional<CodeModule> of(ModuleFile file) {
        return file.path().flatMap(FileKey::of).map(key -> {
            CodeModule module = known.computeIfAbsent(key, _ -> new CodeModule(++made, key, file));
            module.isFoundAt(file);
            if (known.size() > MOST_KNOWN) {
                known.remove(known.keySet().iterator().next());
            }
            return module;
        });
    }

    /** Whether a module tells how to leave its functions; opens it if it must. */
    CodeModule.Frames frames(CodeModule module) {
        if (!available) {
            return CodeModule.Frames.UNREADABLE;
        }
        if (module.frames() == CodeModule.Frames.UNTRIED) {
            open(module);
        }
        return module.frames();
    }

    /** How to leave the function at an offset in a module's file; empty where the module does not tell. */
    Optional<FrameRow> row(CodeModule module, long fileOffset) {
        if (frames(module) != CodeModule.Frames.TOLD) {
            return Optional.empty();
        }
        int slot = slot(module.number(), fileOffset) & ROWS - 1;
        KeptRow kept = rows[slot];
        if (kept.module == module.number() && kept.fileOffset == fileOffset) {
            return kept.row;
        }
        if (!module.isOpen()) {
            open(module);
        }
        if (!module.isOpen()) {
            return Optional.empty();
        }
        module.use(++uses);
        Optional<FrameRow> row = module.row(fileOffset);
        rows[slot] = new KeptRow(module.number(), fileOffset, row);
        return row;
    }

    /** Whether the code before an offset in a module's file ends with a call; false as well if it cannot be read. */
    boolean isBehindCall(CodeModule module, long fileOffset) {
        int slot = slot(module.number(), fileOffset) & CALLS - 1;
        KeptCall kept = calls[slot];
        if (kept.module == module.number() && kept.fileOffset == fileOffset) {
            return kept.behindCall;
        }
        Optional<Boolean> read = module.isBehindCall(fileOffset);
        read.ifPresent(behindCall -> calls[slot] = new KeptCall(module.number(), fileOffset, behindCall));
        return read.orElse(false);
    }

    private static int slot(int module, long fileOffset) {
        return (int) ((fileOffset * 31 + module) * 0x9E3779B97F4A7C15L >>> 40);
    }

    private void open(CodeModule module) {
        if (open.size() == MOST_OPEN) {
            CodeModule oldest = open.stream()
                    .min(Comparator.comparingLong(CodeModule::lastUse))
                    .orElseThrow();
            oldest.close();
            open.remove(oldest);
        }
        module.open();
        if (module.isOpen()) {
            module.use(++uses);
            open.add(module);
        }
    }

    /** Closes all files and frees what was read of them; they are opened again when they are needed. */
    @Override
    public void close() {
        open.forEach(CodeModule::close);
        open.clear();
    }
}
