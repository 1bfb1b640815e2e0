/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Paths of cgroups in the v2 hierarchy, alone or beside v1. A group's id is its folder's inode number. Thread-safe; the
 * hierarchy is walked again, at most every few seconds, when an id is asked for that is not known.
 */
public final class CgroupPaths {
    private static final long WALK_INTERVAL_NANOS = 5_000_000_000L;

    private final Optional<Path> root;
    private Map<Long, String> byId = Map.of();
    private long walked;

    /**
     * Where the hierarchy is mounted.
     *
     * @param root empty when there is no v2 hierarchy
     */
    public CgroupPaths(Optional<Path> root) {
        this.root = root;
    }

    /** The mount point of the v2 hierarchy, from a mountinfo file. */
    public static Optional<Path> mountPoint(Path mountinfo) {
        try (Stream<String> lines = Files.lines(mountinfo, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.contains(" - cgroup2 "))
                    .map(line -> Path.of(line.split(" ", 6)[4]))
                    .findFirst();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** A group's path from the root of the hierarchy, "/" for the root itself. */
    public synchronized Optional<String> path(long id) {
        String known = byId.get(id);
        if (known == null && root.isPresent() && (walked == 0 || System.nanoTime() - walked > WALK_INTERVAL_NANOS)) {
            byId = walk(root.get());
            walked = System.nanoTime();
            known = byId.get(id);
        }
        return Optional.ofNullable(known);
    }

    private static Map<Long, String> walk(Path root) {
        Map<Long, String> found = new HashMap<>();
        walk(root, "", found);
        return found;
    }

    /** By hand, because groups vanish under way and a walk should go on without them. */
    private static void walk(Path folder, String path, Map<Long, String> found) {
        try (Stream<Path> entries = Files.list(folder)) {
            found.put(inode(folder), path.isEmpty() ? "/" : path);
            entries.filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                    .forEach(entry -> walk(entry, path + "/" + entry.getFileName(), found));
        } catch (IOException gone) {
            /* Removed since its parent was listed. */
        }
    }

    /** The inode number of a folder, which is the id of its cgroup. */
    public static long inode(Path folder) throws IOException {
        return (Long) Files.getAttribute(folder, "unix:ino");
    }
}
