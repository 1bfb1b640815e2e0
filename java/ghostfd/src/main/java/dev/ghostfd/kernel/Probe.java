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
    /**
     * System calls whose return value is a new descriptor. Each traced call costs the stop about 35 ms, because the kernel
     * waits for its readers one tracepoint at a time; calls that hardly anybody makes (mq_open, memfd_secret, the first forms
     * of eventfd, signalfd, epoll_create and inotify_init, the rarer mount calls) are left to the snapshot.
     */
    private static final String RETURN_DESCRIPTOR = """
            open openat openat2 creat open_tree fsopen dup dup2 dup3 socket accept accept4 pidfd_open pidfd_getfd
            eventfd2 signalfd4 timerfd_create epoll_create1 inotify_init1 fanotify_init userfaultfd memfd_create
            perf_event_open io_uring_setup
            """;

    /** The same, for calls that return 0 for other things. */
    private static final String RETURN_DESCRIPTOR_OR_ZERO = "bpf seccomp";

    private static final Set<String> EVERYWHERE = Set.of("openat", "socket", "accept", "accept4", "dup", "dup3");

    /** Every probe, in the order in which they are attached: those that end descriptors before those that make them, and of a
     * pair the return before the entry, so that nothing is remembered that nobody recalls. */
    static List<Probe> all() {
        List<Probe> all = new ArrayList<>(List.of(
                ofHook("on_free"),
                ofHook("on_exit"),
                ofHook("on_exec"),
                ofHook("on_fork"),
                new Probe("on_close", "sys_exit_close", true),
                new Probe("on_close_enter", "sys_enter_close", true),
                new Probe("on_close_range", "sys_exit_close_range", true),
                new Probe("on_close_range_enter", "sys_enter_close_range", true),
                new Probe("on_unshare", "sys_exit_unshare", true),
                new Probe("on_unshare_enter", "sys_enter_unshare", true),
                new Probe("on_fcntl", "sys_exit_fcntl", true),
                new Probe("on_fcntl_enter", "sys_enter_fcntl", true),
                new Probe("on_recvmsg", "sys_exit_recvmsg", true),
                new Probe("on_recvmsg_enter", "sys_enter_recvmsg", true),
                new Probe("on_recvmmsg", "sys_exit_recvmmsg", true),
                new Probe("on_recvmmsg_enter", "sys_enter_recvmmsg", true),
                new Probe("on_clone", "sys_exit_clone", true),
                new Probe("on_clone_enter", "sys_enter_clone", true),
                new Probe("on_clone", "sys_exit_clone3", true),
                new Probe("on_clone3_enter", "sys_enter_clone3", true),
                new Probe("on_pipe", "sys_exit_pipe", false),
                new Probe("on_pipe_enter", "sys_enter_pipe", false),
                new Probe("on_pipe", "sys_exit_pipe2", true),
                new Probe("on_pipe_enter", "sys_enter_pipe2", true),
                new Probe("on_socketpair", "sys_exit_socketpair", true),
                new Probe("on_socketpair_enter", "sys_enter_socketpair", true)));
        for (String call : RETURN_DESCRIPTOR.strip().split("\\s+", -1)) {
            all.add(new Probe("on_descriptor", "sys_exit_" + call, EVERYWHERE.contains(call)));
        }
        for (String call : RETURN_DESCRIPTOR_OR_ZERO.split(" ", -1)) {
            all.add(new Probe("on_descriptor_or_zero", "sys_exit_" + call, true));
        }
        return List.copyOf(all);
    }

    private static Probe ofHook(String program) {
        return new Probe(program, "", true);
    }

    /** What people see. */
    String label() {
        return tracepoint.isEmpty() ? program.replaceFirst("on_", "sched_process_") : tracepoint;
    }
}
