/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.container;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Paths of cgroups in the v2 hierarchy, by id, which is the inode number of the group's folder and never comes back. The
 * hierarchy is walked when an id is asked for that is not known, and never for more than a twentieth of the time. What was
 * asked for once is remembered past the group's end, within bounds. Thread-safe.
 */
public final class CgroupPaths {
    private static final int REMEMBERED = 8192;
    private static final int REST_PER_WALK = 20;

    /** A folder without folders below: kernfs counts those, as file systems do, over the two of an empty folder. */
    private static final int LINKS_OF_LEAF = 2;

    private final Optional<Path> root;
    private final LongSupplier nanoTime;
    private final Map<Long, Optional<Group>> asked = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Optional<Group>> eldest) {
            return size() > REMEMBERED;
        }
    };
    private Map<Long, String> walked = Map.of();
    private long nextWalk;
    private boolean everWalked;

    /**
     * A cgroup.
     *
     * @param path from the root of the hierarchy, "/" for the root itself
     * @param container what the path tells of a container
     */
    public record Group(String path, Optional<ContainerPath> container) {}

    /**
     * Reads nothing yet.
     *
     * @param root where the hierarchy is mounted; empty when there is none
     */
    public CgroupPaths(Optional<Path> root) {
        this(root, System::nanoTime);
    }

    CgroupPaths(Optional<Path> root, LongSupplier nanoTime) {
        this.root = root;
        this.nanoTime = nanoTime;
    }

    /** Empty when there is no such group, and for a moment when one walk has just ended. */
    public synchronized Optional<Group> group(long id) {
        Optional<Group> known = asked.get(id);
        if (known != null) {
            return known;
        }
        if (root.isEmpty() || id == 0) {
            return Optional.empty();
        }
        if (!walked.containsKey(id)) {
            if (everWalked && nanoTime.getAsLong() - nextWalk < 0) {
                return Optional.empty();
            }
            walk(root.get());
        }
        /* A group that a whole walk did not meet is gone, or above the mount: in both cases for good. */
        Optional<Group> group =
                Optional.ofNullable(walked.get(id)).map(path -> new Group(path, ContainerPath.of(path)));
        asked.put(id, group);
        return group;
    }

    private void walk(Path top) {
        record Folder(Path path, String name) {}
        long begun = nanoTime.getAsLong();
        Map<Long, String> found = new HashMap<>();
        Deque<Folder> left = new ArrayDeque<>();
        left.add(new Folder(top, ""));
        while (!left.isEmpty()) {
            Folder folder = left.removeLast();
            try {
                Map<String, Object> inode = Files.readAttributes(folder.path(), "unix:ino,nlink");
                found.put((Long) inode.get("ino"), folder.name().isEmpty() ? "/" : folder.name());
                /* Each group has dozens of files: not to list those that hold no other group saves nearly all of the walk. */
                if ((Integer) inode.get("nlink") == LINKS_OF_LEAF) {
                    continue;
                }
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.path())) {
                    for (Path entry : entries) {
                        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                            left.add(new Folder(entry, folder.name() + "/" + entry.getFileName()));
                        }
                    }
                }
            } catch (IOException | DirectoryIteratorException gone) {
                /* Removed since its parent was listed; the walk goes on without it. */
            }
        }
        walked = found;
        everWalked = true;
        long ended = nanoTime.getAsLong();
        nextWalk = ended + REST_PER_WALK * (ended - begun);
    }

    /** The inode number of a folder, which is the id of its cgroup. */
    public static long inode(Path folder) throws IOException {
        return (Long) Files.getAttribute(folder, "unix:ino");
    }
}
