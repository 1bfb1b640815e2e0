/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.code;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;

/** The content of a file, whatever it is called: an inode number alone comes back. */
public record FileKey(long device, long inode, long size, FileTime modified) {
    /** Empty when there is no file, or something that is no regular one. */
    public static Optional<FileKey> of(Path path) {
        try {
            if (!Files.isRegularFile(path)) {
                return Optional.empty();
            }
            Map<String, Object> found = Files.readAttributes(path, "unix:dev,ino,size,lastModifiedTime");
            return Optional.of(
                    new FileKey((Long) found.get("dev"), (Long) found.get("ino"), (Long) found.get("size"), (FileTime)
                            found.get("lastModifiedTime")));
        } catch (IOException | SecurityException unreadable) {
            return Optional.empty();
        }
    }
}
