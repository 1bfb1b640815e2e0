/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the host's file systems are mounted, which in a container may be anywhere. */
public record HostPaths(Path procfs, Path sysfs) {
    /** Where they are outside any container. */
    public static final HostPaths USUAL = new HostPaths(Path.of("/proc"), Path.of("/sys"));

    /** PROC_PID_INIT_INO of linux/proc_ns.h. */
    private static final String INITIAL_PID_NAMESPACE = "pid:[4026531836]";

    Path btf() {
        return sysfs.resolve("kernel/btf/vmlinux");
    }

    /** Whether this process is in the pid namespace that the kernel side tells of; true when that cannot be seen. */
    boolean inInitialPidNamespace() {
        try {
            return Files.readSymbolicLink(procfs.resolve("self/ns/pid"))
                    .toString()
                    .equals(INITIAL_PID_NAMESPACE);
        } catch (IOException forbidden) {
            return true;
        }
    }
}
