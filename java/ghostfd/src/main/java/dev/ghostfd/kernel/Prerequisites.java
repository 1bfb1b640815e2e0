/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything ghostfd needs from the machine, looked at one by one. */
public final class Prerequisites {
    private static final int MAJOR = 5;
    private static final int MINOR = 10;

    private Prerequisites() {}

    /**
     * One prerequisite.
     *
     * @param found what was seen
     * @param fix what to do when it is not ok
     * @param optional whether ghostfd runs without it, with less to show
     */
    public record Check(String name, boolean ok, String found, String fix, boolean optional) {}

    /** Looks at all of them; loads the BPF object as the last one, if the others allow it. */
    public static List<Check> all(long ringBytes, HostPaths paths) {
        List<Check> checks = new ArrayList<>(
                List.of(kernel(), btf(paths), tracefs(), capabilities(), pidNamespace(paths), libbpf(), libdw()));
        boolean ready = checks.stream().allMatch(check -> check.ok() || check.optional());
        checks.add(ready ? programs(ringBytes, paths) : skipped());
        return List.copyOf(checks);
    }

    /**
     * The same in one go, for a start.
     *
     * @throws KernelException naming the first that is missing
     */
    public static void require(HostPaths paths) {
        for (Check check : List.of(kernel(), pidNamespace(paths), capabilities(), btf(paths), libbpf())) {
            if (!check.ok()) {
                throw new KernelException("run here: " + check.name() + ": " + check.found(), 0, check.fix());
            }
        }
    }

    private static Check kernel() {
        String release = System.getProperty("os.version");
        String[] parts = release.split("[.-]", 3);
        boolean ok;
        try {
            int major = Integer.parseInt(parts[0]);
            ok = major > MAJOR || major == MAJOR && Integer.parseInt(parts[1]) >= MINOR;
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException unusual) {
            ok = true;
        }
        return new Check("kernel", ok, "Linux " + release, "ghostfd needs Linux 5.10 or newer", false);
    }

    private static Check btf(HostPaths paths) {
        String path = TracerOptions.btfOverride().orElse(paths.btf().toString());
        boolean found = Files.exists(Path.of(path));
        /* Whatever libbpf is told, it also looks where sysfs usually is. */
        boolean usual = Files.exists(HostPaths.USUAL.btf());
        return new Check(
                "BTF",
                found && usual,
                found && usual ? path : "no " + (found ? HostPaths.USUAL.btf() : path),
                found
                        ? "mount sysfs at /sys as well, where libbpf looks: container runtimes do"
                        : "use a kernel built with CONFIG_DEBUG_INFO_BTF=y (Debian's and most distributions' are)",
                false);
    }

    private static Check tracefs() {
        boolean mounted = Tracefs.isMounted();
        boolean mountable = Tracefs.isMountable();
        return new Check(
                "tracefs",
                mounted || mountable,
                mounted ? "mounted" : mountable ? "not mounted yet, the daemon will" : "not mounted",
                "mount -t tracefs tracefs /sys/kernel/tracing",
                false);
    }

    /** Iterators show the tasks of the reader's own namespace only, but number them as the initial one does. */
    private static Check pidNamespace(HostPaths paths) {
        boolean initial = paths.inInitialPidNamespace();
        return new Check(
                "pid namespace",
                initial,
                initial ? "the host's" : "not the host's",
                "run the container with the host's pid namespace (Kubernetes: hostPID: true; docker, podman: --pid=host)",
                false);
    }

    private static Check capabilities() {
        List<String> missing = Capabilities.missing();
        return new Check(
                "capabilities",
                missing.isEmpty(),
                missing.isEmpty() ? "CAP_BPF, CAP_PERFMON" : "missing " + String.join(", ", missing),
                "run as root (sudo), or grant CAP_BPF and CAP_PERFMON, and CAP_SYS_PTRACE to see programs' paths",
                false);
    }

    private static Check libbpf() {
        Optional<Path> path = LibraryLocator.libbpf();
        return new Check(
                "libbpf",
                path.isPresent(),
                path.map(Path::toString).orElse(LibraryLocator.absent()),
                "install libbpf 1.0 or newer (Debian: apt-get install libbpf1)",
                false);
    }

    private static Check libdw() {
        Optional<String> unusable = DebugInfo.unavailable();
        return new Check(
                "libdw",
                unusable.isEmpty(),
                unusable.or(() -> LibraryLocator.libdw().map(Path::toString)).orElse(""),
                "install elfutils' libdw to have call sites by function and line (Debian: apt-get install libdw1)",
                true);
    }

    private static Check programs(long ringBytes, HostPaths paths) {
        try (Tracer tracer = Tracer.open(new TracerOptions(true, ringBytes, true, List.of(), true, paths))) {
            List<String> absent = tracer.programs().stream()
                    .filter(program -> !program.attached())
                    .map(ProgramState::name)
                    .toList();
            int attached = tracer.programs().size() - absent.size();
            String found = attached + " programs attached, ring buffer of " + (ringBytes >> 20) + " MiB"
                    + (absent.isEmpty() ? "" : "; this kernel has no " + String.join(", ", absent));
            return new Check("BPF programs", true, found, "", false);
        } catch (KernelException refused) {
            return new Check("BPF programs", false, refused.getMessage(), "see above", false);
        }
    }

    private static Check skipped() {
        return new Check("BPF programs", false, "not tried", "fix the above first", false);
    }
}
