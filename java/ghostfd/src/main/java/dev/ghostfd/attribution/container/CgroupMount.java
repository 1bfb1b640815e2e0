/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the cgroup v2 hierarchy: alone, or beside v1 on a hybrid host. */
public final class CgroupMount {
    private static final int ROOT = 3;
    private static final int MOUNT_POINT = 4;
    private static final int FIELDS = 6;

    private CgroupMount() {}

    /**
     * The mount point in this process's own mount namespace. In a container there may be two, its own part of the hierarchy
     * and the host's: the one that starts higher is taken.
     *
     * @param mountinfo as /proc/self/mountinfo, see proc(5)
     */
    public static Optional<Path> inMountinfo(Path mountinfo) {
        try (Stream<String> lines = Files.lines(mountinfo, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.contains(" - cgroup2 "))
                    .map(line -> line.split(" ", FIELDS))
                    .min(Comparator.comparingInt(fields -> depth(fields[ROOT])))
                    .map(fields -> Path.of(unescape(fields[MOUNT_POINT])));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** A mount's root as seen from one's own cgroup namespace: {@code /../..} is two above its root. */
    private static int depth(String root) {
        int depth = 0;
        for (String component : root.split("/", -1)) {
            depth += component.equals("..") ? -1 : component.isEmpty() ? 0 : 1;
        }
        return depth;
    }

    /** Blanks and the like are octal in mountinfo. */
    private static String unescape(String field) {
        return field.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
    }

    /**
     * The hierarchy under a folder where the host's cgroup file systems are: itself, or {@code unified} on a hybrid host.
     */
    public static Optional<Path> under(Path cgroupfs) {
        return Stream.of(cgroupfs, cgroupfs.resolve("unified"))
                .filter(folder -> Files.isRegularFile(folder.resolve("cgroup.controllers")))
                .findFirst();
    }

    /** Whether a v2 mount shows the hierarchy from its very root: only there a group has no events of its own. */
    public static boolean isWhole(Path mount) {
        return !Files.exists(mount.resolve("cgroup.events"));
    }
}
