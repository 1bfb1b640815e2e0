/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.attribution.container.CgroupMount;
import dev.ghostfd.attribution.container.CgroupPaths;
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

    List<Integer> pids(PathOptions paths) {
        for (int pid : pids) {
            if (pid <= 0 || !Files.isDirectory(paths.host().procfs().resolve(Integer.toString(pid)))) {
                throw bad("there is no process with the pid given by --pid: " + pid);
            }
        }
        return List.copyOf(pids);
    }

    /**
     * What to trace, filtered in the kernel.
     *
     * @param tracing false for snapshots only
     */
    TracerOptions tracer(PathOptions paths, boolean tracing, long ringBytes, boolean stacks) {
        return new TracerOptions(tracing, ringBytes, !pids.isEmpty(), cgroups(paths), stacks, paths.host());
    }

    /** The groups by id and depth, as the kernel filters them. */
    private List<TracerOptions.CgroupRef> cgroups(PathOptions paths) {
        if (cgroups.isEmpty()) {
            return List.of();
        }
        Path root = paths.cgroups()
                .orElseThrow(
                        () -> bad("--cgroup needs the cgroup v2 hierarchy, and none is mounted; in a container, mount"
                                + " the host's and name it with --path.cgroupfs"));
        if (!CgroupMount.isWhole(root)) {
            throw bad("--cgroup needs the whole cgroup v2 hierarchy, and " + root
                    + " is only a part of it: use the host's"
                    + " cgroup namespace, or mount the host's hierarchy and name it with --path.cgroupfs");
        }
        if (cgroups.size() > TracerOptions.MAX_CGROUPS) {
            throw bad("--cgroup may be given " + TracerOptions.MAX_CGROUPS + " times, not " + cgroups.size()
                    + "; name a group above them instead, its children are included");
        }
        return cgroups.stream().map(path -> resolve(root, path)).toList();
    }

    private ParameterException bad(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    private TracerOptions.CgroupRef resolve(Path root, String path) {
        Path absolute = Path.of(path).normalize();
        Path folder = absolute.startsWith(root)
                ? absolute
                : root.resolve(path.replaceFirst("^/+", "")).normalize();
        if (!folder.startsWith(root) || !Files.exists(folder.resolve("cgroup.procs"))) {
            throw bad("there is no v2 cgroup " + path + " under " + root);
        }
        try {
            return new TracerOptions.CgroupRef(CgroupPaths.inode(folder), folder.getNameCount() - root.getNameCount());
        } catch (IOException gone) {
            throw new ParameterException(
                    command.commandLine(), "cannot read cgroup " + path + ": " + gone.getMessage(), gone);
        }
    }
}
