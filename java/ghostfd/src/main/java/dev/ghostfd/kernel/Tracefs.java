/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file system through which tracepoints are found. libbpf looks for it at two fixed paths and cannot be told another; the
 * file system is the same wherever it is mounted, so in a container it is mounted there once more.
 */
final class Tracefs {
    private static final Path TRACEFS = Path.of("/sys/kernel/tracing");
    private static final Path DEBUGFS = Path.of("/sys/kernel/debug/tracing");
    private static final String FIX = "mount it with: mount -t tracefs tracefs /sys/kernel/tracing";

    private Tracefs() {}

    static boolean isMounted() {
        /* Not Files.exists: that asks access(2), which looks at the real user instead of the capabilities. */
        return Files.isDirectory(TRACEFS.resolve("events")) || Files.isDirectory(DEBUGFS.resolve("events"));
    }

    /** Mounts it where the kernel provides the mount point, as trace-cmd does; it stays, because others use it too. */
    static void ensureMounted() {
        if (isMounted()) {
            return;
        }
        if (!Files.isDirectory(TRACEFS)) {
            throw new KernelException(
                    "use tracepoints", 0, "this kernel has no tracefs (CONFIG_TRACING), or /sys is not mounted");
        }
        int result = Libc.mount("tracefs", TRACEFS.toString(), "tracefs");
        if (result < 0) {
            throw new KernelException("mount tracefs at " + TRACEFS, -result, FIX);
        }
        if (!isMounted()) {
            throw new KernelException("use tracefs at " + TRACEFS, 0, "it has no events folder; " + FIX);
        }
    }

    /** Whether {@link #ensureMounted} has a chance. */
    static boolean isMountable() {
        return Files.isDirectory(TRACEFS) && Capabilities.canMount();
    }
}
