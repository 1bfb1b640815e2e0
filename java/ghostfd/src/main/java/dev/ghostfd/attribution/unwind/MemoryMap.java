/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.unwind;

import dev.ghostfd.attribution.code.MappedCode;
import java.util.List;
import java.util.Optional;

/** Where a process has executable memory, and from which files it is. Immutable, but for what its modules learn. */
final class MemoryMap {
    /** Nothing executable is here. */
    static final int NOWHERE = -1;

    private final long image;
    private final long readAt;
    private final List<MappedCode> mappings;
    private final List<Optional<CodeModule>> modules;

    /**
     * Takes the mappings as the kernel lists them, in ascending order and not overlapping.
     *
     * @param image of which of the process's programs it is
     * @param readAt when it was read, in the terms of System.nanoTime
     * @param modules of the mappings, in the same order
     */
    MemoryMap(long image, long readAt, List<MappedCode> mappings, List<Optional<CodeModule>> modules) {
        this.image = image;
        this.readAt = readAt;
        this.mappings = List.copyOf(mappings);
        this.modules = List.copyOf(modules);
    }

    long image() {
        return image;
    }

    long readAt() {
        return readAt;
    }

    /** How many mappings there are. */
    int size() {
        return mappings.size();
    }

    /** An address of the program itself, which the kernel maps first; 0 when there is no code. */
    long somewhere() {
        return mappings.isEmpty() ? 0 : mappings.getFirst().start();
    }

    /** Which mapping holds an address; {@link #NOWHERE} if none does. */
    int find(long address) {
        int low = 0;
        int high = mappings.size() - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            MappedCode mapping = mappings.get(middle);
            if (mapping.holds(address)) {
                return middle;
            }
            if (Long.compareUnsigned(address, mapping.start()) < 0) {
                high = middle - 1;
            } else {
                low = middle + 1;
            }
        }
        return NOWHERE;
    }

    boolean isExecutable(long address) {
        return find(address) != NOWHERE;
    }

    /** The module that a mapping is of; empty for code that is in no file, or in one that could not be found. */
    Optional<CodeModule> module(int mapping) {
        return modules.get(mapping);
    }

    /** Where in its module's file an address of a mapping is. */
    long fileOffset(int mapping, long address) {
        return address - mappings.get(mapping).start() + mappings.get(mapping).offset();
    }
}
