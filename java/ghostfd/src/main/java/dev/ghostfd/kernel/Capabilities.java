/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What this process may do, from /proc/self/status; bit n of a set stands for capability n. */
final class Capabilities {
    private static final Path STATUS = Path.of("/proc/self/status");

    private Capabilities() {}

    /** Names of the capabilities that tracing needs and this process lacks. */
    static List<String> missing() {
        long effective = effective();
        List<String> missing = new ArrayList<>();
        if (!Capability.SYS_ADMIN.in(effective)) {
            for (Capability needed : List.of(Capability.BPF, Capability.PERFMON)) {
                if (!needed.in(effective)) {
                    missing.add(needed.toString());
                }
            }
        }
        return missing;
    }

    static boolean canMount() {
        return Capability.SYS_ADMIN.in(effective());
    }

    static long effective() {
        return set("CapEff:");
    }

    static long permitted() {
        return set("CapPrm:");
    }

    static long inheritable() {
        return set("CapInh:");
    }

    private static long set(String name) {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(name)) {
                    return Long.parseUnsignedLong(line.substring(name.length()).strip(), 16);
                }
            }
        } catch (IOException unreadable) {
            /* Without /proc nothing is known; let the kernel decide. */
        }
        return -1;
    }
}
