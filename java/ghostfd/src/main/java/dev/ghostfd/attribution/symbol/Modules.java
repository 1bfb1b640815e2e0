/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import dev.ghostfd.attribution.Frame;
import dev.ghostfd.attribution.code.CallInstruction;
import dev.ghostfd.attribution.code.ElfHeader;
import dev.ghostfd.attribution.code.FileKey;
import dev.ghostfd.attribution.code.ModuleFile;
import dev.ghostfd.kernel.DebugFiles;
import dev.ghostfd.kernel.DebugInfo;
import dev.ghostfd.kernel.SourceFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;

/**
 * The executables and libraries that stacks lead to. What was found out of them is kept; the files themselves are open, and
 * mapped, only while they are used. For one thread.
 */
final class Modules implements AutoCloseable {
    private static final int CAPACITY = 256;
    private static final int MAX_OPEN = 4;

    /** Compressed sections are inflated into memory as a whole; a few bytes of file can stand for any amount. */
    private static final long MAX_INFLATED_BYTES = 64 << 20;

    private static final class Open {
        private final DebugInfo info;
        private long used;

        Open(DebugInfo info) {
            this.info = info;
        }
    }

    private final BiFunction<Path, DebugFiles, Optional<DebugInfo>> opener;
    private final Map<FileKey, Module> modules = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<FileKey, Open> open = new LinkedHashMap<>(16, 0.75f, true);

    /** With what to read debugging information; nothing where libdw is not installed. */
    Modules(BiFunction<Path, DebugFiles, Optional<DebugInfo>> opener) {
        this.opener = opener;
    }

    /** The module in a file; empty when it is none. */
    Optional<Module> of(ModuleFile file) {
        Optional<Path> path = file.path();
        Optional<FileKey> key = path.flatMap(FileKey::of);
        if (key.isEmpty()) {
            return Optional.empty();
        }
        Optional<Module> known = Optional.ofNullable(modules.get(key.get()));
        return known.or(() ->
                ElfHeader.read(path.get()).map(header -> keep(new Module(key.get(), file.name(), header))));
    }

    private Module keep(Module module) {
        modules.put(module.key(), module);
        if (modules.size() > CAPACITY) {
            modules.remove(modules.keySet().iterator().next());
        }
        return module;
    }

    static boolean fitsMemory(ElfHeader header) {
        return header.inflatedBytes() <= MAX_INFLATED_BYTES;
    }

    /**
     * The functions that an address of a module lies in, innermost first; module and address alone where there is no more.
     *
     * @param file where the module is to be found now
     */
    List<Frame> frames(Module module, long address, ModuleFile file) {
        List<SourceFrame> ofGo = file.path()
                .filter(path -> isOf(path, module))
                .map(path -> GoLineTable.find(path, module.header(), address))
                .orElse(List.of());
        /* One frame is all there is to know. Debugging information would take tens of megabytes for it. */
        if (ofGo.size() == 1) {
            return module.learn(address, named(module, address, ofGo));
        }
        Optional<DebugInfo> info = info(module, file);
        List<SourceFrame> found = info.map(opened -> opened.frames(address)).orElse(List.of());
        boolean located = found.stream().anyMatch(frame -> frame.file().isPresent());
        List<Frame> frames = named(module, address, located || ofGo.isEmpty() ? found : ofGo);
        return info.isPresent() ? module.learn(address, frames) : frames;
    }

    private static boolean isOf(Path path, Module module) {
        return FileKey.of(path).equals(Optional.of(module.key()));
    }

    /**
     * Whether code can have been called from in front of an offset in a module's file. Where that cannot be read, it can.
     */
    boolean mayBeReturn(Module module, long offset, ModuleFile file) {
        ByteBuffer code = ByteBuffer.allocate(CallInstruction.MAX_BYTES);
        Optional<Path> path = file.path();
        if (path.isEmpty()) {
            return true;
        }
        try (FileChannel channel = FileChannel.open(path.get(), StandardOpenOption.READ)) {
            return channel.read(code, offset - CallInstruction.MAX_BYTES) < CallInstruction.MAX_BYTES
                    || CallInstruction.mayEnd(module.header().machine(), code.flip());
        } catch (IOException | IllegalArgumentException unreadable) {
            return true;
        }
    }

    private Optional<DebugInfo> info(Module module, ModuleFile file) {
        Optional<Open> found = Optional.ofNullable(open.get(module.key()));
        if (found.isPresent() && !found.get().info.isUnchanged()) {
            open.remove(module.key()).info.close();
            found = Optional.empty();
        }
        found = found.or(() -> open(module, file));
        found.ifPresent(opened -> opened.used = System.nanoTime());
        return found.map(opened -> opened.info);
    }

    private Optional<Open> open(Module module, ModuleFile file) {
        if (!fitsMemory(module.header())) {
            return Optional.empty();
        }
        return file.path()
                .filter(path -> isOf(path, module))
                .flatMap(path -> opener.apply(
                        path,
                        new SeparateDebugFiles(file.roots(), module.header().buildId())))
                .map(info -> keep(module.key(), new Open(info)));
    }

    private Open keep(FileKey key, Open opened) {
        open.put(key, opened);
        if (open.size() > MAX_OPEN) {
            open.remove(open.keySet().iterator().next()).info.close();
        }
        return opened;
    }

    private static List<Frame> named(Module module, long address, List<SourceFrame> found) {
        return found.isEmpty()
                ? List.of(bare(module, address))
                : found.stream()
                        .map(frame -> new Frame(
                                SymbolNames.best(frame.function(), frame.linkageName()),
                                frame.file(),
                                frame.line(),
                                Optional.of(module.path()),
                                address,
                                frame.inlined()))
                        .toList();
    }

    private static Frame bare(Module module, long address) {
        return new Frame(
                Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.of(module.path()), address, false);
    }

    /** Closes what has not been used for so long. */
    void closeUnused(Duration idle) {
        long now = System.nanoTime();
        for (Iterator<Open> each = open.values().iterator(); each.hasNext(); ) {
            Open opened = each.next();
            if (now - opened.used >= idle.toNanos()) {
                opened.info.close();
                each.remove();
            }
        }
    }

    /** How many files are open. */
    int opened() {
        return open.size();
    }

    @Override
    public void close() {
        closeUnused(Duration.ZERO);
    }
}
