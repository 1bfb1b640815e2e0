/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.unwind;

import dev.ghostfd.attribution.ProcessStat;
import dev.ghostfd.attribution.code.MappedCode;
import dev.ghostfd.attribution.code.ModuleFile;
import dev.ghostfd.lifecycle.ProcessId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The memory maps of processes, read once for each program that they execute, and again for an address that was not there.
 * Those of the processes asked for last are kept, so that asking again reads nothing. For one thread.
 */
final class MemoryMaps {
    private static final int MOST_KEPT = 128;

    /** A process may map without end. */
    private static final int MOST_MAPPINGS = 4096;

    /** Of all processes together; each is about 250 bytes. Most processes have a few dozen. */
    private static final int MOST_MAPPINGS_KEPT = 16_384;

    /** A JIT compiler maps code all the time, and a damaged stack is full of addresses that are not there. */
    private static final long REREAD_INTERVAL_NANOS = 100_000_000L;

    private final Path proc;
    private final CodeModules modules;
    private final Map<ProcessId, MemoryMap> kept = new LinkedHashMap<>(16, 0.75f, true);
    private int mappingsKept;

    /**
     * Has read none yet.
     *
     * @param proc where procfs is mounted
     */
    MemoryMaps(Path proc, CodeModules modules) {
        this.proc = proc;
        this.modules = modules;
    }

    /**
     * The map of a process that holds an address, if there is one, else one that does not.
     *
     * @param image changes when the process executes another program
     * @return empty when the process was gone before anybody looked
     */
    Optional<MemoryMap> of(ProcessId process, long image, long address) {
        Optional<MemoryMap> known = Optional.ofNullable(kept.get(process)).filter(map -> map.image() == image);
        if (known.isPresent() && isUsable(known.get(), address)) {
            return known;
        }
        Optional<MemoryMap> read = read(process, image);
        read.ifPresent(map -> keep(process, map));
        return read.or(() -> known);
    }

    private void keep(ProcessId process, MemoryMap map) {
        forget(process);
        while (kept.size() >= MOST_KEPT || mappingsKept + map.size() > MOST_MAPPINGS_KEPT) {
            forget(kept.keySet().iterator().next());
        }
        kept.put(process, map);
        mappingsKept += map.size();
    }

    private void forget(ProcessId process) {
        mappingsKept -=
                Optional.ofNullable(kept.remove(process)).map(MemoryMap::size).orElse(0);
    }

    private static boolean isUsable(MemoryMap map, long address) {
        return map.isExecutable(address) || System.nanoTime() - map.readAt() < REREAD_INTERVAL_NANOS;
    }

    private Optional<MemoryMap> read(ProcessId process, long image) {
        final long now = System.nanoTime();
        Path folder = proc.resolve(Integer.toString(process.pid()));
        Optional<ProcessStat> before = ProcessStat.read(proc, process.pid()).filter(stat -> stat.isOf(process));
        if (before.isEmpty()) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(folder.resolve("maps"), StandardCharsets.ISO_8859_1)) {
            List<MappedCode> mappings = lines.map(MappedCode::parse)
                    .flatMap(Optional::stream)
                    .limit(MOST_MAPPINGS)
                    .toList();
            MemoryMap map = new MemoryMap(image, now, mappings, modules(folder, mappings));
            /* It may have begun another program meanwhile, or the pid may have come back. A zombie has no memory. */
            boolean same = ProcessStat.read(proc, process.pid()).equals(before);
            return same && !mappings.isEmpty() ? Optional.of(map) : Optional.empty();
        } catch (IOException | UncheckedIOException | SecurityException gone) {
            return Optional.empty();
        }
    }

    private List<Optional<CodeModule>> modules(Path folder, List<MappedCode> mappings) {
        Map<String, Optional<CodeModule>> found = new HashMap<>();
        List<Optional<CodeModule>> all = new ArrayList<>(mappings.size());
        for (MappedCode mapping : mappings) {
            all.add(
                    mapping.inode() == 0
                            ? Optional.empty()
                            : found.computeIfAbsent(
                                    mapping.inode() + mapping.path().orElse(""),
                                    _ -> modules.of(new ModuleFile(folder, mapping))));
        }
        return all;
    }
}
