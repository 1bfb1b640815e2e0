/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupMountTest {
    @TempDir
    private Path folder;

    private Optional<Path> mountPoint(String... lines) throws IOException {
        Path mountinfo = folder.resolve("mountinfo");
        Files.writeString(mountinfo, String.join("\n", lines) + "\n");
        return CgroupMount.inMountinfo(mountinfo);
    }

    @Test
    void takesTheV2SideOfAHybridHost() throws IOException {
        assertThat(mountPoint(
                        "33 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu",
                        "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw"))
                .contains(Path.of("/sys/fs/cgroup/unified"));
    }

    @Test
    void prefersTheHostsHierarchyToTheContainersOwnPart() throws IOException {
        assertThat(mountPoint(
                        "900 899 0:26 / /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw",
                        "901 899 0:26 /../../.. /host/sys/fs/cgroup ro - cgroup2 cgroup2 rw"))
                .contains(Path.of("/host/sys/fs/cgroup"));
    }

    @Test
    void findsNoneWhereThereIsOnlyV1() throws IOException {
        assertThat(mountPoint("33 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu"))
                .isEmpty();
    }

    @Test
    void aGivenFolderMayHoldTheHierarchyOrBothSides() throws IOException {
        Path pure = Files.createDirectories(folder.resolve("pure"));
        Files.createFile(pure.resolve("cgroup.controllers"));
        Path hybrid = Files.createDirectories(folder.resolve("hybrid/unified"));
        Files.createFile(hybrid.resolve("cgroup.controllers"));

        assertThat(CgroupMount.under(pure)).contains(pure);
        assertThat(CgroupMount.under(folder.resolve("hybrid"))).contains(hybrid);
        assertThat(CgroupMount.under(folder)).isEmpty();
    }

    @Test
    void aGroupWithEventsOfItsOwnIsNotTheRoot() throws IOException {
        assertThat(CgroupMount.isWhole(folder)).isTrue();
        Files.createFile(folder.resolve("cgroup.events"));
        assertThat(CgroupMount.isWhole(folder)).isFalse();
    }
}
