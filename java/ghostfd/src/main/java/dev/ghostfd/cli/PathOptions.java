/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.attribution.container.CgroupMount;
import dev.ghostfd.kernel.HostPaths;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --path.…}: where the host's file systems are, for every command that looks at the node. */
final class PathOptions {
    @Option(
            names = "--path.procfs",
            paramLabel = "FOLDER",
            defaultValue = "/proc",
            description = "Where the host's procfs is mounted (default ${DEFAULT-VALUE}).")
    private Path procfs;

    @Option(
            names = "--path.sysfs",
            paramLabel = "FOLDER",
            defaultValue = "/sys",
            description = "Where the host's sysfs is mounted (default ${DEFAULT-VALUE}).")
    private Path sysfs;

    @Option(
            names = "--path.cgroupfs",
            paramLabel = "FOLDER",
            description = "Where the host's cgroup file systems are mounted (default: the cgroup2 mount).")
    private Optional<Path> cgroupfs;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** The given folders, if they are what they are said to be. */
    HostPaths host() {
        check(Files.exists(procfs.resolve("self/stat")), "procfs", procfs);
        check(Files.isDirectory(sysfs.resolve("kernel")), "sysfs", sysfs);
        return new HostPaths(procfs, sysfs);
    }

    private void check(boolean found, String what, Path folder) {
        if (!found) {
            throw new ParameterException(
                    command.commandLine(),
                    "there is no " + what + " mounted at " + folder + ", given by --path." + what);
        }
    }

    /** Where the cgroup v2 hierarchy is; empty when none is mounted and none was given. */
    Optional<Path> cgroups() {
        if (cgroupfs.isEmpty()) {
            return CgroupMount.inMountinfo(procfs.resolve("self/mountinfo"));
        }
        Optional<Path> found = CgroupMount.under(cgroupfs.get());
        if (found.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(),
                    "there is no cgroup v2 hierarchy at " + cgroupfs.get()
                            + " nor at unified below it, given by --path.cgroupfs");
        }
        return found;
    }
}
