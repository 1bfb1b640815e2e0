/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import dev.ghostfd.attribution.code.ElfHeader;
import dev.ghostfd.kernel.DebugFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Debugging information where distributions install it, by build id: what a name or a checksum finds may be of another
 * build.
 *
 * @param roots where to look for {@code usr/lib/debug}: the process's own root, then this one
 * @param buildId of the module, in hexadecimal
 */
record SeparateDebugFiles(List<Path> roots, Optional<String> buildId) implements DebugFiles {
    private static final String FOLDER = "usr/lib/debug";
    private static final int FOLDER_DIGITS = 2;

    /** What several modules of a package share is kept aside, and referred to by path. */
    private static final String SHARED = ".dwz/";

    @Override
    public Optional<Path> find(String link) {
        int shared = link.indexOf(SHARED);
        return shared >= 0 ? existing(link.substring(shared)) : buildId.flatMap(this::byBuildId);
    }

    private Optional<Path> byBuildId(String id) {
        return id.length() <= FOLDER_DIGITS
                ? Optional.empty()
                : existing(
                        ".build-id/" + id.substring(0, FOLDER_DIGITS) + "/" + id.substring(FOLDER_DIGITS) + ".debug");
    }

    private Optional<Path> existing(String name) {
        if (Path.of(name).normalize().startsWith("..")) {
            return Optional.empty();
        }
        return roots.stream()
                .flatMap(root -> Stream.of(root.resolve(FOLDER).resolve(name)))
                .filter(Files::isRegularFile)
                .filter(file -> ElfHeader.read(file).filter(Modules::fitsMemory).isPresent())
                .findFirst();
    }
}
