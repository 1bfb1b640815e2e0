/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import dev.ghostfd.attribution.container.Container;
import dev.ghostfd.lifecycle.ProcessId;
import java.util.List;
import java.util.Optional;

/** Turns ids into the names people use. Thread-safe; answers from a cache where it can, never blocks for long. */
public interface Attribution {
    /** Knows no names: for what is not of this machine, or not of now. */
    Attribution NONE = new Nameless();

    /** The path of the program a process runs, as /proc shows it; empty when it is gone or not to be seen. */
    Optional<String> executable(ProcessId process);

    /** What the program of a process is written in. */
    Language language(ProcessId process);

    /** The path of a cgroup in the v2 hierarchy, by its id; empty when there is no such group. */
    Optional<String> cgroupPath(long cgroup);

    /** The container that a cgroup belongs to. */
    Optional<Container> container(long cgroup);

    /**
     * Whether more names of what runs in a cgroup may come within seconds: until then a series would be begun that the names
     * end.
     */
    boolean isPending(long cgroup);

    /** The labels of the workload that processes of this name in this cgroup belong to. */
    Workload workload(String comm, long cgroup);

    /** The command line of a process, empty unless it has been said that it may be shown: it often holds secrets. */
    Optional<List<String>> arguments(ProcessId process);

    /** Whether a descriptor has close-on-exec set right now; empty when it is gone. */
    Optional<Boolean> closeOnExec(ProcessId process, int fd);

    /**
     * The name of a thread, of whichever process; empty when it has ended.
     *
     * @param livedAt CLOCK_BOOTTIME nanoseconds: a thread that came later and has its number is another
     */
    Optional<String> threadName(int tid, long livedAt);

    /** A thread of the process that sleeps until something happens at a descriptor, if there is one right now. */
    Optional<BlockedThread> blockedOn(ProcessId process, int fd);
}
