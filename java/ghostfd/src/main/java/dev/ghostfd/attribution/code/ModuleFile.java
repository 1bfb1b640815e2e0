/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.code;

import dev.ghostfd.kernel.Vdso;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The file behind a mapping of a process: in its container, or deleted, or gone with the process. */
public final class ModuleFile {
    private final Path process;
    private final MappedCode mapping;

    /**
     * Nothing is looked at yet.
     *
     * @param process its folder in procfs
     */
    public ModuleFile(Path process, MappedCode mapping) {
        this.process = process;
        this.mapping = mapping;
    }

    /** As the process sees it. */
    public String name() {
        return mapping.path().orElse("");
    }

    /** The root of the process first: a container has its own debugging information, if any. */
    public List<Path> roots() {
        return List.of(process.resolve("root"), Path.of("/"));
    }

    /**
     * A path by which the mapped file itself can be opened now. The first way is exact, but takes CAP_SYS_ADMIN or
     * CAP_CHECKPOINT_RESTORE; the second finds only the program; the third what has not been deleted, and may find another
     * file of that name, which the inode number tells.
     */
    public Optional<Path> path() {
        if (mapping.isVdso()) {
            return Vdso.file();
        }
        Path exact = process.resolve("map_files")
                .resolve(Long.toHexString(mapping.start()) + "-" + Long.toHexString(mapping.end()));
        if (Files.isRegularFile(exact)) {
            return Optional.of(exact);
        }
        for (Path other : List.of(
                process.resolve("exe"),
                process.resolve("root").resolve(name().substring(Math.min(1, name().length()))),
                Path.of(name()))) {
            if (FileKey.of(other).filter(key -> key.inode() == mapping.inode()).isPresent()) {
                return Optional.of(other);
            }
        }
        return Optional.empty();
    }
}
