/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.attribution.CgroupPaths;
import dev.ghostfd.kernel.TracerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --pid} and {@code --cgroup}: what to watch, for every command that watches. */
final class ScopeOptions {
    @Option(names = "--pid", paramLabel = "PID", description = "Only this process and its descendants; repeatable.")
    private List<Integer> pids = new ArrayList<>();

    @Option(
            names = "--cgroup",
            paramLabel = "PATH",
            description = "Only processes in this cgroup (v2) or below; repeatable. With --pid, either admits.")
    private List<String> cgroups = new ArrayList<>();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    List<Integer> pids() {
        for (int pid : pids) {
            if (pid <= 0 || !Files.isDirectory(Path.of("/proc", Integer.toString(pid)))) {
                throw new ParameterException(
                        command.commandLine(), "there is no process with the pid given by --pid: " + pid);
            }
        }
        return List.copyOf(pids);
    }

    /** The groups by id and depth, as the kernel filters them. */
    List<TracerOptions.CgroupRef> cgroups(Path mountinfo) {
        if (cgroups.isEmpty()) {
            return List.of();
        }
        Path root = CgroupPaths.mountPoint(mountinfo)
                .orElseThrow(() -> new ParameterException(
                        command.commandLine(), "--cgroup needs the cgroup v2 hierarchy, and none is mounted"));
        return cgroups.stream().map(path -> resolve(root, path)).toList();
    }

    private TracerOptions.CgroupRef resolve(Path root, String path) {
        Path absolute = Path.of(path).normalize();
        Path folder = absolute.startsWith(root)
                ? absolute
                : root.resolve(path.replaceFirst("^/+", "")).normalize();
        if (!folder.startsWith(root) || !Files.exists(folder.resolve("cgroup.procs"))) {
            throw new ParameterException(command.commandLine(), "there is no v2 cgroup " + path + " under " + root);
        }
        try {
            return new TracerOptions.CgroupRef(CgroupPaths.inode(folder), folder.getNameCount() - root.getNameCount());
        } catch (IOException gone) {
            throw new ParameterException(
                    command.commandLine(), "cannot read cgroup " + path + ": " + gone.getMessage(), gone);
        }
    }
}
