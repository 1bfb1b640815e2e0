/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import dev.ghostfd.lifecycle.ProcessId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@link Attribution} from /proc and the cgroup file system. */
public final class ProcAttribution implements Attribution {
    /** O_CLOEXEC in the octal flags of fdinfo. */
    private static final int CLOEXEC = 02000000;

    /** Field 22 of /proc/PID/stat counts in USER_HZ, which is 100 on every architecture. */
    private static final long NANOS_PER_TICK = 10_000_000L;

    private static final int START_TIME_AFTER_COMM = 19;
    private static final Pattern CONTAINER_ID = Pattern.compile("([0-9a-f]{64})");

    private final Path proc;
    private final CgroupPaths cgroups;

    /**
     * Reads nothing yet.
     *
     * @param proc where procfs is mounted
     */
    public ProcAttribution(Path proc, CgroupPaths cgroups) {
        this.proc = proc;
        this.cgroups = cgroups;
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

    private boolean isSame(ProcessId process) throws IOException {
        String stat = Files.readString(folder(process).resolve("stat"), StandardCharsets.ISO_8859_1);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", START_TIME_AFTER_COMM + 2);
        return Long.parseLong(fields[START_TIME_AFTER_COMM]) == process.startTime() / NANOS_PER_TICK;
    }

    @Override
    public Optional<String> cgroupPath(long cgroup) {
        return cgroups.path(cgroup);
    }

    @Override
    public Optional<Container> container(long cgroup) {
        return cgroupPath(cgroup).flatMap(path -> {
            Matcher id = CONTAINER_ID.matcher(path);
            String last = "";
            while (id.find()) {
                last = id.group(1);
            }
            return last.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Container(
                            last, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
        });
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
}
