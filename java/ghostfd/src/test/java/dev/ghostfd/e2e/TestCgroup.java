/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A group of the test's own in the v2 hierarchy; closing it removes it with all groups below. */
final class TestCgroup implements AutoCloseable {
    private static final AtomicInteger MADE = new AtomicInteger();

    private final Path hierarchy;
    private final Path folder;

    /** Skips the test where there is no v2 hierarchy. */
    TestCgroup() {
        hierarchy = mountPoint();
        folder =
                group(hierarchy.resolve("ghostfd-e2e-" + ProcessHandle.current().pid() + "-" + MADE.incrementAndGet()));
    }

    static Path mountPoint() {
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
            List<Path> found = mounts.map(mount -> mount.split(" ", -1))
                    .filter(field -> field[2].equals("cgroup2"))
                    .map(field -> Path.of(field[1]))
                    .toList();
            if (found.isEmpty()) {
                Workbench.skip("no cgroup v2 hierarchy is mounted");
            }
            return found.getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path group(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its folder, as --cgroup takes it. */
    Path folder() {
        return folder;
    }

    String scope() {
        return "--cgroup=" + folder;
    }

    /** The folder of a group below, created. */
    Path child(String path) {
        return group(folder.resolve(path));
    }

    /** A group's path in the words of the API. */
    String pathOf(Path group) {
        return "/" + hierarchy.relativize(group);
    }

    /** Puts a process into a group. */
    static void move(int pid, Path group) {
        try {
            Files.writeString(group.resolve("cgroup.procs"), Integer.toString(pid));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A command that runs another one in a group from its first instruction. */
    static List<String> enter(Path group, String... command) {
        List<String> entering = new ArrayList<>(
                List.of("sh", "-c", "echo $$ > \"$1/cgroup.procs\" && shift && exec \"$@\"", "sh", group.toString()));
        entering.addAll(List.of(command));
        return entering;
    }

    @Override
    public void close() {
        try (Stream<Path> below = Files.find(folder, Integer.MAX_VALUE, (path, file) -> file.isDirectory())) {
            for (Path group : below.sorted(Comparator.reverseOrder()).toList()) {
                // Busy until the kernel has forgotten the last of the killed processes.
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> group.toFile().delete() || !Files.exists(group));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
