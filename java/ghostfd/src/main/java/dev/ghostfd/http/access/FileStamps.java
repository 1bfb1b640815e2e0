/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How files looked from outside at one time. Follows links, since Kubernetes replaces a secret by changing a link. */
final class FileStamps {
    private record Stamp(FileTime changed, long size, Optional<String> identity) {}

    /** Empty stands for a file that was not to be seen. */
    private final Map<Path, Optional<Stamp>> stamps = new HashMap<>();

    /** Looks at files that have not been looked at yet. */
    FileStamps add(Collection<Path> files) {
        for (Path file : files) {
            stamps.computeIfAbsent(file, FileStamps::stamp);
        }
        return this;
    }

    /** Whether all of them still look the same. */
    boolean areCurrent() {
        return stamps.entrySet().stream().allMatch(known -> known.getValue().equals(stamp(known.getKey())));
    }

    private static Optional<Stamp> stamp(Path file) {
        try {
            BasicFileAttributes seen = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(new Stamp(
                    seen.lastModifiedTime(),
                    seen.size(),
                    Optional.ofNullable(seen.fileKey()).map(Object::toString)));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
