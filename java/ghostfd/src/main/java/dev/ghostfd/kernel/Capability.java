/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** The capabilities that ghostfd has a use for (linux/capability.h). */
enum Capability {
    /** Files of other users: symbol tables and perf maps that their owners have closed to others. */
    DAC_READ_SEARCH(2),
    /** Ports below 1024. */
    NET_BIND_SERVICE(10),
    /** What /proc shows of other processes to nobody but those who may trace them: exe, fdinfo, maps, root. */
    SYS_PTRACE(19),
    /** Before there were BPF and PERFMON, theirs; and mounting tracefs. */
    SYS_ADMIN(21),
    /** Attaching programs to tracepoints. */
    PERFMON(38),
    /** Loading programs, making maps, starting iterators. */
    BPF(39),
    /** /proc/PID/map_files: libraries that were deleted or replaced after a process had mapped them. */
    CHECKPOINT_RESTORE(40);

    private final int number;

    Capability(int number) {
        this.number = number;
    }

    long bit() {
        return 1L << number;
    }

    boolean in(long set) {
        return (set & bit()) != 0;
    }

    static long bits(Set<Capability> capabilities) {
        return capabilities.stream().mapToLong(Capability::bit).reduce(0, (a, b) -> a | b);
    }

    static Set<Capability> of(long set) {
        return Arrays.stream(values())
                .filter(capability -> capability.in(set))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Capability.class)));
    }

    @Override
    public String toString() {
        return "CAP_" + name();
    }
}
