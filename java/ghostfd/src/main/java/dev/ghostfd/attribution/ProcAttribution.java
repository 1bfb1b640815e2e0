/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import dev.ghostfd.attribution.container.CgroupPaths;
import dev.ghostfd.attribution.container.Container;
import dev.ghostfd.attribution.container.PodNames;
import dev.ghostfd.lifecycle.ProcessId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@link Attribution} from /proc and the cgroup file system. */
public final class ProcAttribution implements Attribution {
    /** O_CLOEXEC in the octal flags of fdinfo. */
    private static final int CLOEXEC = 02000000;

    private final Path proc;
    private final CgroupPaths cgroups;
    private final PodNames pods;
    private final boolean exposeArguments;
    private final Languages languages = new Languages();
    private final Threads threads;

    /**
     * Reads nothing yet, and never the command line of a process.
     *
     * @param proc where procfs is mounted
     */
    public ProcAttribution(Path proc, CgroupPaths cgroups) {
        this(proc, cgroups, PodNames.NONE, false);
    }

    /** @param exposeArguments whether command lines may be read and shown */
    public ProcAttribution(Path proc, CgroupPaths cgroups, PodNames pods, boolean exposeArguments) {
        this.proc = proc;
        this.threads = new Threads(proc);
        this.cgroups = cgroups;
        this.pods = pods;
        this.exposeArguments = exposeArguments;
    }

    private Path folder(ProcessId process) {
        return proc.resolve(Integer.toString(process.pid()));
    }

    @Override
    public Optional<String> executable(ProcessId process) {
        try {
            Path program = Files.readSymbolicLink(folder(process).resolve("exe"));
            /* Checked after, so that a pid that came back in between is noticed. */
            return isSame(process) ? Optional.of(program.toString()) : Optional.empty();
        } catch (IOException | SecurityException gone) {
            return Optional.empty();
        }
    }

    @Override
    public Language language(ProcessId process) {
        return executable(process)
                .map(name -> languages.of(name, folder(process).resolve("exe")))
                .orElse(Language.UNKNOWN);
    }

    private boolean isSame(ProcessId process) {
        return ProcessStat.read(proc, process.pid())
                .filter(stat -> stat.isOf(process))
                .isPresent();
    }

    @Override
    public Optional<String> cgroupPath(long cgroup) {
        return cgroups.group(cgroup).map(CgroupPaths.Group::path);
    }

    @Override
    public Optional<Container> container(long cgroup) {
        return cgroups.group(cgroup).flatMap(CgroupPaths.Group::container).map(path -> {
            PodNames.Answer names = pods.of(path);
            return new Container(
                    path.id(),
                    path.runtime().or(names::runtime),
                    names.container(),
                    names.pod(),
                    names.namespace(),
                    names.podUid().or(path::podUid));
        });
    }

    @Override
    public boolean isPending(long cgroup) {
        return cgroups.group(cgroup)
                .flatMap(CgroupPaths.Group::container)
                .map(path -> pods.of(path).pending())
                .orElse(false);
    }

    @Override
    public Workload workload(String comm, long cgroup) {
        return container(cgroup)
                .map(container -> new Workload(
                        container.namespace().orElse(""),
                        container.pod().orElse(""),
                        container.name().orElse(""),
                        comm))
                .orElseGet(() -> Workload.ofHost(comm));
    }

    @Override
    public Optional<List<String>> arguments(ProcessId process) {
        if (!exposeArguments) {
            return Optional.empty();
        }
        try {
            Optional<List<String>> arguments = ExposedArguments.of(folder(process));
            return isSame(process) ? arguments : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<Boolean> closeOnExec(ProcessId process, int fd) {
        try {
            Path info = folder(process).resolve("fdinfo").resolve(Integer.toString(fd));
            for (String line : Files.readAllLines(info, StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("flags:")) {
                    int flags =
                            Integer.parseInt(line.substring("flags:".length()).strip(), 8);
                    return isSame(process) ? Optional.of((flags & CLOEXEC) != 0) : Optional.empty();
                }
            }
            return Optional.empty();
        } catch (IOException | NumberFormatException gone) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<String> threadName(int tid, long livedAt) {
        return threads.name(tid, livedAt);
    }

    @Override
    public Optional<BlockedThread> blockedOn(ProcessId process, int fd) {
        return threads.blockedOn(process, fd).filter(_ -> isSame(process));
    }
}
