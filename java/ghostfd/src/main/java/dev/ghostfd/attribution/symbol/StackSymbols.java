/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import dev.ghostfd.attribution.Frame;
import dev.ghostfd.attribution.code.MappedCode;
import dev.ghostfd.attribution.code.ModuleFile;
import dev.ghostfd.kernel.DebugFiles;
import dev.ghostfd.kernel.DebugInfo;
import dev.ghostfd.lifecycle.CallStack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.stream.LongStream;

/** Looks stacks up in the memory maps, files and perf maps of their processes. Takes its time; for one thread. */
final class StackSymbols implements AutoCloseable {
    private final Path proc;
    private final ProcessImages images;
    private final Modules modules;
    private final Runtimes runtimes = Runtimes.load();

    /**
     * Nothing is looked at yet.
     *
     * @param proc where procfs is mounted
     * @param opener as of {@link DebugInfo#open}
     */
    StackSymbols(Path proc, BiFunction<Path, DebugFiles, Optional<DebugInfo>> opener) {
        this.proc = proc;
        this.images = new ProcessImages(proc);
        this.modules = new Modules(opener);
    }

    /**
     * Where a call was made: a return address is of the next instruction, which may be of another line or function. What
     * made the innermost call is a system call instruction, of which the same holds.
     */
    static long call(CallStack stack, int depth) {
        return stack.address(depth) - 1;
    }

    /** The frames of a stack, from the first that is not of a runtime; where all are, all of them, marked so. */
    List<Frame> frames(CallStack stack) {
        long[] calls = LongStream.range(0, stack.depth())
                .map(depth -> call(stack, (int) depth))
                .toArray();
        Optional<ProcessImage> image = images.of(stack);
        /* The call itself is in code for certain; further out, a stack without frame pointers leads astray. */
        if (image.isEmpty() || calls.length == 0 || image.get().at(calls[0]).isEmpty()) {
            return LongStream.of(calls).mapToObj(StackSymbols::unknown).toList();
        }
        int first = firstOfUser(image.get(), calls);
        List<Frame> frames = frames(image.get(), calls, first);
        if (frames.stream().allMatch(runtimes::isRuntime)) {
            List<Frame> whole = first > 0 ? frames(image.get(), calls, 0) : frames;
            return whole.stream().map(Frame::asRuntime).toList();
        }
        return List.copyOf(runtimes.fold(frames));
    }

    /** Skips what will be left out anyway, before large files are read for it. */
    private int firstOfUser(ProcessImage image, long[] calls) {
        for (int i = 0; i < calls.length; i++) {
            Optional<String> path = image.at(calls[i]).flatMap(MappedCode::path);
            if (path.filter(runtimes::isRuntimeModule).isEmpty()) {
                return i;
            }
        }
        return 0;
    }

    private List<Frame> frames(ProcessImage image, long[] calls, int first) {
        List<Frame> frames = new ArrayList<>();
        Map<Long, String> compiled = compiled(image, calls, first);
        for (int i = first; i < calls.length; i++) {
            long call = calls[i];
            Optional<MappedCode> mapping = image.at(call);
            if (mapping.isEmpty()) {
                continue;
            }
            frames.addAll(inModule(image, mapping.get(), call, i == 0)
                    .orElseGet(() -> List.of(Optional.ofNullable(compiled.get(call))
                            .map(name -> compiled(name, call))
                            .orElseGet(() -> elsewhere(mapping.get(), call)))));
        }
        return frames;
    }

    /** What an address of a module stands for: nothing, if it is no call; empty if there is no module. */
    private Optional<List<Frame>> inModule(ProcessImage image, MappedCode mapping, long call, boolean innermost) {
        Optional<Module> module = module(image, mapping);
        long offset = call - mapping.start() + mapping.offset();
        OptionalLong address =
                module.map(known -> known.header().address(offset)).orElse(OptionalLong.empty());
        if (address.isEmpty()) {
            return Optional.empty();
        }
        ModuleFile file = file(image, mapping);
        Optional<List<Frame>> known = module.get().known(address.getAsLong());
        return known.or(() -> Optional.of(
                innermost || modules.mayBeReturn(module.get(), offset + 1, file)
                        ? modules.frames(module.get(), address.getAsLong(), file)
                        : module.get().learn(address.getAsLong(), List.of())));
    }

    private Optional<Module> module(ProcessImage image, MappedCode mapping) {
        if (mapping.path().isEmpty()) {
            return Optional.empty();
        }
        Optional<Module> known = image.module(mapping);
        return known.or(() -> {
            Optional<Module> found = modules.of(file(image, mapping));
            found.ifPresent(module -> image.learn(mapping, module));
            return found;
        });
    }

    private ModuleFile file(ProcessImage image, MappedCode mapping) {
        return new ModuleFile(folder(image), mapping);
    }

    private Path folder(ProcessImage image) {
        return proc.resolve(Integer.toString(image.process().pid()));
    }

    /** The names of code in no module, all from one reading. */
    private Map<Long, String> compiled(ProcessImage image, long[] calls, int first) {
        List<Long> unknown = new ArrayList<>();
        for (int i = first; i < calls.length; i++) {
            Optional<MappedCode> mapping = image.at(calls[i]);
            if (mapping.isPresent() && module(image, mapping.get()).isEmpty()) {
                unknown.add(calls[i]);
            }
        }
        return unknown.isEmpty()
                ? Map.of()
                : PerfMap.of(folder(image)).map(map -> map.names(unknown)).orElseGet(HashMap::new);
    }

    private static Frame compiled(String name, long address) {
        CompiledName parsed = CompiledName.parse(name);
        return new Frame(
                Optional.of(parsed.function()), parsed.file(), parsed.line(), Optional.empty(), address, false);
    }

    /** A file that is gone, or not readable, or none of code that was compiled before it ran. */
    private static Frame elsewhere(MappedCode mapping, long call) {
        return mapping.path().isEmpty()
                ? unknown(call)
                : new Frame(
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.empty(),
                        mapping.path(),
                        call - mapping.start() + mapping.offset(),
                        false);
    }

    private static Frame unknown(long address) {
        return new Frame(Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty(), address, false);
    }

    /** Closes files that have not been used for so long. */
    void closeUnused(Duration idle) {
        modules.closeUnused(idle);
    }

    /** How many files are open. */
    int opened() {
        return modules.opened();
    }

    @Override
    public void close() {
        modules.close();
    }
}
