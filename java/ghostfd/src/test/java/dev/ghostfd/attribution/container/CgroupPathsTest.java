/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a folder that stands in for the hierarchy: there too a group is known by its inode. */
class CgroupPathsTest {
    private static final long MINUTE = 60_000_000_000L;

    @TempDir
    private Path root;

    private final AtomicLong clock = new AtomicLong(1);

    private CgroupPaths paths() {
        return new CgroupPaths(Optional.of(root), () -> clock.addAndGet(1_000_000));
    }

    private long group(String path) throws IOException {
        return CgroupPaths.inode(Files.createDirectories(root.resolve(path)));
    }

    private static Optional<String> path(CgroupPaths paths, long id) {
        return paths.group(id).map(CgroupPaths.Group::path);
    }

    @Test
    void namesTheRootAndEveryGroupBelow() throws IOException {
        long slice = group("system.slice");
        long scope = group("system.slice/some.service/inner");
        CgroupPaths paths = paths();

        assertThat(path(paths, CgroupPaths.inode(root))).contains("/");
        assertThat(path(paths, slice)).contains("/system.slice");
        assertThat(path(paths, scope)).contains("/system.slice/some.service/inner");
    }

    @Test
    void findsAGroupThatWasMadeLater() throws IOException {
        CgroupPaths paths = paths();
        path(paths, group("first"));
        clock.addAndGet(MINUTE);

        assertThat(path(paths, group("second"))).contains("/second");
    }

    @Test
    void remembersAGroupPastItsEnd() throws IOException {
        CgroupPaths paths = paths();
        long gone = group("gone");
        path(paths, gone);
        Files.delete(root.resolve("gone"));
        clock.addAndGet(MINUTE);
        path(paths, group("another"));

        assertThat(path(paths, gone)).contains("/gone");
    }

    @Test
    void doesNotWalkAgainForAGroupThatIsNotThere() throws IOException {
        CgroupPaths paths = paths();
        long early = group("early");
        long never = Long.MAX_VALUE;
        assertThat(path(paths, never)).isEmpty();
        long late = group("late");
        clock.addAndGet(MINUTE);

        long before = clock.get();
        assertThat(path(paths, never)).isEmpty();
        assertThat(path(paths, early)).contains("/early");
        assertThat(clock.get())
                .as("neither needs the clock, which every walk reads")
                .isEqualTo(before);
        assertThat(path(paths, late)).contains("/late");
    }

    @Test
    void restsBetweenTwoWalks() throws IOException {
        CgroupPaths paths = paths();
        path(paths, group("first"));
        long second = group("second");

        assertThat(path(paths, second)).as("asked within the rest").isEmpty();
        clock.addAndGet(MINUTE);
        assertThat(path(paths, second)).as("asked again").contains("/second");
    }

    @Test
    void knowsNothingWithoutAHierarchy() {
        assertThat(new CgroupPaths(Optional.empty()).group(1)).isEmpty();
    }
}
