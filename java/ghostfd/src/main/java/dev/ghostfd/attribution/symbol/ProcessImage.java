/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import dev.ghostfd.attribution.ProcessStat;
import dev.ghostfd.attribution.code.MappedCode;
import dev.ghostfd.lifecycle.CallStack;
import dev.ghostfd.lifecycle.ProcessId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Where the code of one program lies in the memory of one process, as of one reading; outlives both. For one thread. */
final class ProcessImage {
    private final ProcessId process;
    private final ProcessStat stat;
    private final long readAt;
    private final NavigableMap<Long, MappedCode> code = new TreeMap<>(Long::compareUnsigned);
    private final Map<MappedCode, Module> modules = new HashMap<>();

    private ProcessImage(ProcessId process, ProcessStat stat, long readAt, List<MappedCode> mappings) {
        this.process = process;
        this.stat = stat;
        this.readAt = readAt;
        mappings.forEach(mapping -> code.put(mapping.start(), mapping));
    }

    /**
     * Reads it from a process that lives; empty when it does not, or begins another program meanwhile.
     *
     * @param stat what the process is known by
     * @param now nanoseconds
     */
    static Optional<ProcessImage> read(Path proc, ProcessId process, ProcessStat stat, long now) {
        Path maps = proc.resolve(Integer.toString(process.pid())).resolve("maps");
        try (BufferedReader lines = Files.newBufferedReader(maps, StandardCharsets.ISO_8859_1)) {
            List<MappedCode> mappings = lines.lines()
                    .map(MappedCode::parse)
                    .flatMap(Optional::stream)
                    .toList();
            boolean same = ProcessStat.read(proc, process.pid()).equals(Optional.of(stat));
            return same && !mappings.isEmpty()
                    ? Optional.of(new ProcessImage(process, stat, now, mappings))
                    : Optional.empty();
        } catch (IOException | UncheckedIOException | SecurityException gone) {
            return Optional.empty();
        }
    }

    ProcessId process() {
        return process;
    }

    /** Whether the process still runs this program. */
    boolean isOf(ProcessStat now) {
        return stat.equals(now);
    }

    /** When it was read, nanoseconds. */
    long readAt() {
        return readAt;
    }

    Optional<MappedCode> at(long address) {
        return Optional.ofNullable(code.floorEntry(address))
                .map(Map.Entry::getValue)
                .filter(mapping -> mapping.holds(address));
    }

    /** Whether all of a stack can have been code here. */
    boolean covers(CallStack stack) {
        for (int depth = 0; depth < stack.depth(); depth++) {
            if (at(StackSymbols.call(stack, depth)).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** What is known of a mapping's file, also when the process has gone since. */
    Optional<Module> module(MappedCode mapping) {
        return Optional.ofNullable(modules.get(mapping));
    }

    void learn(MappedCode mapping, Module module) {
        modules.put(mapping, module);
    }
}
