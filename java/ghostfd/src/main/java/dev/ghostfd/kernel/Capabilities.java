/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What this process may do, from /proc/self/status (linux/capability.h). */
final class Capabilities {
    private static final int SYS_ADMIN = 21;
    private static final int PERFMON = 38;
    private static final int BPF = 39;

    private Capabilities() {}

    /** Names of the capabilities that tracing needs and this process lacks. */
    static List<String> missing() {
        long effective = effective();
        List<String> missing = new ArrayList<>();
        if (!has(effective, SYS_ADMIN)) {
            if (!has(effective, BPF)) {
                missing.add("CAP_BPF");
            }
            if (!has(effective, PERFMON)) {
                missing.add("CAP_PERFMON");
            }
        }
        return missing;
    }

    static boolean canMount() {
        return has(effective(), SYS_ADMIN);
    }

    private static boolean has(long set, int capability) {
        return (set >>> capability & 1) != 0;
    }

    private static long effective() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("CapEff:")) {
                    return Long.parseUnsignedLong(
                            line.substring("CapEff:".length()).strip(), 16);
                }
            }
        } catch (IOException unreadable) {
            /* Without /proc nothing is known; let the kernel decide. */
        }
        return -1;
    }
}
