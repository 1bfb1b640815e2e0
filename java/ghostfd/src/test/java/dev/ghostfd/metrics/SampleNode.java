/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.metrics;

import dev.ghostfd.attribution.Attribution;
import dev.ghostfd.attribution.BlockedThread;
import dev.ghostfd.attribution.Language;
import dev.ghostfd.attribution.Workload;
import dev.ghostfd.attribution.container.Container;
import dev.ghostfd.attribution.container.ContainerRuntime;
import dev.ghostfd.event.Kind;
import dev.ghostfd.leak.Confidence;
import dev.ghostfd.leak.Leak;
import dev.ghostfd.leak.LeakTotal;
import dev.ghostfd.leak.NodeView;
import dev.ghostfd.leak.Rule;
import dev.ghostfd.leak.TracerStatus;
import dev.ghostfd.lifecycle.ChildView;
import dev.ghostfd.lifecycle.DescriptorView;
import dev.ghostfd.lifecycle.End;
import dev.ghostfd.lifecycle.ExitStatus;
import dev.ghostfd.lifecycle.Origin;
import dev.ghostfd.lifecycle.ProcessId;
import dev.ghostfd.lifecycle.ProcessView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** A node put together by hand; boot time 100 s is its "now". */
public final class SampleNode {
    public static final long SECOND = 1_000_000_000L;
    public static final long NOW = 100 * SECOND;
    /** The cgroup whose processes run in container "web" of pod "shop-1". */
    public static final long IN_CONTAINER = 7;

    public static final TracerStatus READY = status(true, true, true, true);

    public static final Attribution ATTRIBUTION = new Attribution() {
        @Override
        public Optional<String> executable(ProcessId process) {
            return process.pid() < 1000 ? Optional.empty() : Optional.of("/usr/bin/p" + process.pid());
        }

        @Override
        public Language language(ProcessId process) {
            return Language.UNKNOWN;
        }

        @Override
        public Optional<String> cgroupPath(long cgroup) {
            return cgroup == 0 ? Optional.empty() : Optional.of("/slice/" + cgroup);
        }

        @Override
        public Optional<Container> container(long cgroup) {
            return cgroup == IN_CONTAINER
                    ? Optional.of(new Container(
                            "c0ffee",
                            Optional.of(ContainerRuntime.CONTAINERD),
                            Optional.of("web"),
                            Optional.of("shop-1"),
                            Optional.of("prod"),
                            Optional.empty()))
                    : Optional.empty();
        }

        @Override
        public boolean isPending(long cgroup) {
            return false;
        }

        @Override
        public Workload workload(String comm, long cgroup) {
            return cgroup == IN_CONTAINER ? new Workload("prod", "shop-1", "web", comm) : Workload.ofHost(comm);
        }

        @Override
        public Optional<List<String>> arguments(ProcessId process) {
            return Optional.empty();
        }

        @Override
        public Optional<Boolean> closeOnExec(ProcessId process, int fd) {
            return fd == 17 ? Optional.of(true) : Optional.empty();
        }

        @Override
        public Optional<String> threadName(int tid, long livedAt) {
            return tid == 4243 && livedAt > 0 ? Optional.of("agent-io") : Optional.empty();
        }

        @Override
        public Optional<BlockedThread> blockedOn(ProcessId process, int fd) {
            return fd == 17 ? Optional.of(new BlockedThread(4244, "agent-rd", "read")) : Optional.empty();
        }
    };

    private final List<Leak> leaks = new ArrayList<>();
    private final List<LeakTotal> totals = new ArrayList<>();
    private final List<ProcessView> processes = new ArrayList<>();
    private TracerStatus status = READY;

    public SampleNode process(int pid, String comm, long cgroup, int open, long softLimit) {
        processes.add(new ProcessView(
                new ProcessId(pid, 10 * SECOND),
                comm,
                cgroup,
                pid,
                open,
                softLimit,
                4096,
                Map.of(Kind.PIPE, open),
                0,
                0,
                OptionalDouble.empty(),
                OptionalDouble.empty()));
        return this;
    }

    /** A process with another pid inside its container. */
    public SampleNode contained(int pid, int nsPid, String comm, long cgroup) {
        processes.add(new ProcessView(
                new ProcessId(pid, 10 * SECOND),
                comm,
                cgroup,
                nsPid,
                1,
                1024,
                4096,
                Map.of(Kind.PIPE, 1),
                0,
                0,
                OptionalDouble.empty(),
                OptionalDouble.empty()));
        return this;
    }

    public SampleNode orphanedPipe(int pid, String comm, long cgroup, int fd, Confidence confidence) {
        DescriptorView view = new DescriptorView(
                fd,
                Kind.PIPE,
                End.READ,
                900 + fd,
                OptionalLong.of(20 * SECOND),
                pid + 1,
                Origin.TRACED,
                Optional.empty());
        leaks.add(new Leak(
                "leak-" + pid + "-" + fd,
                Rule.ORPHANED_PIPE,
                confidence,
                Kind.PIPE,
                Origin.TRACED,
                new Leak.Holder(new ProcessId(pid, 10 * SECOND), comm, cgroup),
                Optional.of(new Leak.Descriptor(view, true)),
                Optional.of(new ChildView(
                        new ProcessId(5151, 21 * SECOND),
                        "grep",
                        OptionalLong.of(30 * SECOND),
                        Optional.of(new ExitStatus(3 << 8)),
                        true,
                        List.of())),
                Optional.of(new Leak.Peer(1, 0, 0, List.of())),
                1,
                NOW - fd * SECOND,
                Optional.empty()));
        return this;
    }

    public SampleNode zombie(int pid, String comm, int child) {
        leaks.add(new Leak(
                "zombie-" + child,
                Rule.UNREAPED_CHILD,
                Confidence.CONFIRMED,
                Kind.PROCESS,
                Origin.BEFORE_START,
                new Leak.Holder(new ProcessId(pid, 10 * SECOND), comm, 0),
                Optional.empty(),
                Optional.of(new ChildView(
                        new ProcessId(child, 0),
                        "sleep",
                        OptionalLong.empty(),
                        Optional.of(new ExitStatus(9)),
                        false,
                        List.of())),
                Optional.empty(),
                1,
                NOW - 61_200_000_000L,
                Optional.empty()));
        return this;
    }

    public SampleNode total(String comm, long cgroup, Rule rule, Kind kind, long detected, long resolved) {
        totals.add(new LeakTotal(comm, cgroup, rule, kind, detected, resolved));
        return this;
    }

    public SampleNode status(TracerStatus next) {
        status = next;
        return this;
    }

    public NodeView view() {
        return new NodeView(NOW, List.copyOf(leaks), List.copyOf(totals), List.copyOf(processes), status);
    }

    public static TracerStatus status(boolean baseline, boolean complete, boolean keepsUp, boolean attached) {
        return new TracerStatus(
                baseline,
                complete,
                keepsUp,
                List.of(
                        new TracerStatus.Program("sys_exit_openat", attached, true),
                        new TracerStatus.Program("sys_exit_pidfd_open", false, false)),
                16 << 20,
                4096,
                Map.of("open", 12L, "close", 5L),
                List.of(new TracerStatus.Loss("kernel", "full", 2)),
                Map.of("lost", 1L),
                Map.of("file", 3L),
                42,
                420,
                0.25,
                Map.of("pipe", new TracerStatus.LifetimeHistogram(List.of(0.1, 1.0), List.of(4L, 2L, 1L), 9.5)));
    }
}
