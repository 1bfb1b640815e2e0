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
    /** System calls whose return value is a new descriptor. */
    private static final List<String> RETURN_DESCRIPTOR = List.of(
            "open",
            "openat",
            "openat2",
            "creat",
            "open_by_handle_at",
            "socket",
            "accept",
            "accept4",
            "dup",
            "dup2",
            "dup3",
            "eventfd",
            "eventfd2",
            "signalfd",
            "signalfd4",
            "timerfd_create",
            "epoll_create",
            "epoll_create1",
            "inotify_init",
            "inotify_init1",
            "fanotify_init",
            "memfd_create",
            "memfd_secret",
            "userfaultfd",
            "perf_event_open",
            "bpf",
            "pidfd_open",
            "pidfd_getfd",
            "io_uring_setup",
            "fsopen",
            "fsmount",
            "fspick",
            "open_tree",
            "landlock_create_ruleset",
            "mq_open");

    private static final Set<String> EVERYWHERE = Set.of("openat", "socket", "accept", "accept4", "dup", "dup3");

    /** Every probe, in the order in which they are attached: those that end descriptors before those that make them. */
    static List<Probe> all() {
        List<Probe> all = new ArrayList<>(List.of(
                ofHook("on_free"),
                ofHook("on_exit"),
                ofHook("on_exec"),
                ofHook("on_fork"),
                new Probe("on_close_enter", "sys_enter_close", true),
                new Probe("on_close_range_enter", "sys_enter_close_range", true),
                new Probe("on_close_range", "sys_exit_close_range", true),
                new Probe("on_unshare_enter", "sys_enter_unshare", true),
                new Probe("on_unshare", "sys_exit_unshare", true),
                new Probe("on_fcntl_enter", "sys_enter_fcntl", true),
                new Probe("on_fcntl", "sys_exit_fcntl", true),
                new Probe("on_pipe_enter", "sys_enter_pipe", false),
                new Probe("on_pipe", "sys_exit_pipe", false),
                new Probe("on_pipe_enter", "sys_enter_pipe2", true),
                new Probe("on_pipe", "sys_exit_pipe2", true),
                new Probe("on_socketpair_enter", "sys_enter_socketpair", true),
                new Probe("on_socketpair", "sys_exit_socketpair", true)));
        for (String call : RETURN_DESCRIPTOR) {
            all.add(new Probe("on_descriptor", "sys_exit_" + call, EVERYWHERE.contains(call)));
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
