/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Where a BPF program is attached: a system call's tracepoint, or the hook its own section names.
 *
 * @param program the program's name in bpf/ghostfd.bpf.c
 * @param tracepoint the syscalls tracepoint, empty for the program's own hook
 * @param required whether tracing is incomplete without it; the others appeared after 5.10 or not on every architecture
 */
record Probe(String program, String tracepoint, boolean required) {
    private static final String ENTRY = "on_call";

    /** System calls whose return value is a new descriptor. */
    private static final String RETURN_DESCRIPTOR = """
            open openat openat2 creat open_by_handle_at open_tree open_tree_attr fsopen fsmount fspick dup dup2 dup3 socket
            accept accept4 pidfd_open pidfd_getfd eventfd eventfd2 signalfd signalfd4 timerfd_create epoll_create
            epoll_create1 inotify_init inotify_init1 fanotify_init userfaultfd memfd_create memfd_secret perf_event_open
            io_uring_setup mq_open landlock_create_ruleset
            """;

    /** The same, for calls that return 0 for other things. */
    private static final String RETURN_DESCRIPTOR_OR_ZERO = "bpf seccomp";

    /** System calls of which an argument says what their return means. */
    private static final String NEED_ARGUMENTS =
            "close fcntl recvmsg recvmmsg clone clone3 pipe pipe2 socketpair close_range unshare";

    /** Of those, the ones whose entry sees what is gone at the return: the table that the thread had. */
    private static final Set<String> NEED_ENTRY = Set.of("close_range", "unshare");

    /** On every architecture, and since before 5.10. */
    private static final Set<String> EVERYWHERE = Set.of(
            "openat",
            "socket",
            "accept",
            "accept4",
            "dup",
            "dup3",
            "close",
            "fcntl",
            "recvmsg",
            "recvmmsg",
            "clone",
            "clone3",
            "pipe2",
            "socketpair",
            "close_range",
            "unshare",
            "bpf",
            "seccomp");

    /**
     * Every probe, in the order in which they are attached: those that end descriptors before those that make them, and of a
     * pair the return before the entry, so that nothing is remembered that nobody recalls.
     *
     * @param argumentsAtReturn whether this kernel shows a call's arguments at its return
     */
    static List<Probe> all(boolean argumentsAtReturn) {
        List<Probe> all =
                new ArrayList<>(List.of(ofHook("on_free"), ofHook("on_exit"), ofHook("on_exec"), ofHook("on_fork")));
        for (String call : NEED_ARGUMENTS.split(" ", -1)) {
            all.add(ofReturn(call.equals("pipe2") ? "on_pipe" : "on_" + call, call));
            if (!argumentsAtReturn || NEED_ENTRY.contains(call)) {
                all.add(new Probe(ENTRY, "sys_enter_" + call, EVERYWHERE.contains(call)));
            }
        }
        for (String call : RETURN_DESCRIPTOR.strip().split("\\s+", -1)) {
            all.add(ofReturn("on_descriptor", call));
        }
        for (String call : RETURN_DESCRIPTOR_OR_ZERO.split(" ", -1)) {
            all.add(ofReturn("on_descriptor_or_zero", call));
        }
        return List.copyOf(all);
    }

    private static Probe ofReturn(String program, String call) {
        return new Probe(program, "sys_exit_" + call, EVERYWHERE.contains(call));
    }

    private static Probe ofHook(String program) {
        return new Probe(program, "", true);
    }

    /** What people see. */
    String label() {
        return tracepoint.isEmpty() ? program.replaceFirst("on_", "sched_process_") : tracepoint;
    }
}
