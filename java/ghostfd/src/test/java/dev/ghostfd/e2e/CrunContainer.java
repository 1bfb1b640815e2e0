/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import dev.ghostfd.e2e.Workbench.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A real container with one static program in it, its own pid namespace, and the cgroup it is given. */
final class CrunContainer implements AutoCloseable {
    /** crun refuses a hybrid host: it is shown a pure one. It inherits the group that its caller has entered. */
    private static final String V2_ONLY = "mount --bind \"$1\" /sys/fs/cgroup && shift && exec \"$@\"";

    private final String id;
    private final Path bundle;
    private final int pid;

    private CrunContainer(String id, Path bundle, int pid) {
        this.id = id;
        this.bundle = bundle;
        this.pid = pid;
    }

    /** Starts it: {@code contained PIPES ZOMBIES}. */
    static CrunContainer run(String id, Path cgroup, int pipes, int zombies) {
        Workbench.need("crun");
        Path bundle = Workbench.emptyFolder("crun/" + id);
        try {
            Path root = Files.createDirectories(bundle.resolve("rootfs"));
            Files.createDirectory(root.resolve("proc"));
            Files.createDirectory(root.resolve("dev"));
            Files.copy(Path.of(Workbench.compileStaticC("contained")), root.resolve("contained"));
            Files.writeString(bundle.resolve("config.json"), config("/contained", "" + pipes, "" + zombies));
            Path pidFile = bundle.resolve("pid");
            List<String> start = TestCgroup.enter(
                    cgroup, crun(bundle, "run", "--detach", "--pid-file=" + pidFile, "--bundle=" + bundle, id));
            Outcome.of(start).mustSucceed();
            return new CrunContainer(
                    id, bundle, Integer.parseInt(Files.readString(pidFile).strip()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String[] crun(Path bundle, String... arguments) {
        List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", V2_ONLY, "sh"));
        command.add(TestCgroup.mountPoint().toString());
        command.addAll(List.of("crun", "--root=" + bundle.resolve("state"), "--cgroup-manager=disabled"));
        command.addAll(List.of(arguments));
        return command.toArray(String[]::new);
    }

    private static String config(String... arguments) {
        String quoted = Stream.of(arguments).map(each -> "\"" + each + "\"").collect(Collectors.joining(","));
        return """
                {"ociVersion": "1.0.0",
                 "process": {"terminal": false, "user": {"uid": 0, "gid": 0}, "args": [%s], "cwd": "/"},
                 "root": {"path": "rootfs"},
                 "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}],
                 "linux": {"namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "ipc"}, {"type": "uts"}]}}
                """.formatted(quoted);
    }

    /** Of its first process, outside. */
    int pid() {
        return pid;
    }

    @Override
    public void close() {
        Outcome.of(List.of(crun(bundle, "delete", "--force", id))).mustSucceed();
    }
}
