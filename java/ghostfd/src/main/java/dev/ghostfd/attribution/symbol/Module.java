/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import dev.ghostfd.attribution.Frame;
import dev.ghostfd.attribution.code.ElfHeader;
import dev.ghostfd.attribution.code.FileKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An executable or library, and what has been found out about it; outlives the file. For one thread. */
final class Module {
    private static final int CAPACITY = 4096;

    private final FileKey key;
    private final String path;
    private final ElfHeader header;
    private final Map<Long, List<Frame>> frames = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * Nothing is found out yet.
     *
     * @param path as its process sees it
     */
    Module(FileKey key, String path, ElfHeader header) {
        this.key = key;
        this.path = path;
        this.header = header;
    }

    FileKey key() {
        return key;
    }

    String path() {
        return path;
    }

    ElfHeader header() {
        return header;
    }

    Optional<List<Frame>> known(long address) {
        return Optional.ofNullable(frames.get(address));
    }

    List<Frame> learn(long address, List<Frame> found) {
        frames.put(address, found);
        if (frames.size() > CAPACITY) {
            frames.remove(frames.keySet().iterator().next());
        }
        return found;
    }
}
