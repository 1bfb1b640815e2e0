/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import dev.ghostfd.attribution.Attribution;
import dev.ghostfd.attribution.CallSites;
import dev.ghostfd.attribution.Frame;
import dev.ghostfd.attribution.Hints;
import dev.ghostfd.attribution.container.Container;
import dev.ghostfd.attribution.container.ContainerRuntime;
import dev.ghostfd.event.BootClock;
import dev.ghostfd.leak.Leak;
import dev.ghostfd.lifecycle.ChildView;
import dev.ghostfd.lifecycle.DescriptorView;
import dev.ghostfd.lifecycle.ProcessId;
import dev.ghostfd.lifecycle.Stdio;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;

/** Writes what several answers have in common, with ids turned into names. May read /proc: not for the event loop. */
record Names(Attribution attribution, CallSites callSites, BootClock clock) {
    /** What to change in the code of the process that holds it. */
    String hint(Leak leak) {
        return Hints.of(leak.rule(), attribution.language(leak.process().id()));
    }

    /** Who and where a process is, as fields of the object at hand. */
    void identity(JsonWriter json, ProcessId process, String comm, long cgroup) throws IOException {
        json.number("pid", process.pid());
        time(json, "startTime", process.startTime());
        json.text("comm", comm);
        json.text("exe", attribution.executable(process));
        Optional<Container> container = attribution.container(cgroup);
        if (container.isPresent()) {
            json.object("container", () -> fields(json, container.get()));
        }
        json.text("cgroup", attribution.cgroupPath(cgroup));
    }

    static void fields(JsonWriter json, Container container) throws IOException {
        json.text("id", container.id());
        json.text("runtime", container.runtime().map(ContainerRuntime::label));
        json.text("name", container.name());
        json.text("pod", container.pod());
        json.text("namespace", container.namespace());
        json.text("podUid", container.podUid());
    }

    void child(JsonWriter json, ChildView child) throws IOException {
        json.number("pid", child.id().pid());
        json.text("comm", child.comm());
        time(json, "startedAt", child.id().startTime());
        time(json, "exitedAt", child.exitedAt());
        if (child.exit().isPresent()) {
            if (child.exit().get().signal() == 0) {
                json.number("exitCode", child.exit().get().code());
            }
            json.number("signal", child.exit().get().signal());
        }
        json.bool("reaped", child.reaped());
        if (!child.stdio().isEmpty()) {
            json.array("stdio", () -> {
                for (Stdio stdio : child.stdio()) {
                    json.object(() -> {
                        json.number("fd", stdio.fd());
                        json.text("kind", stdio.kind().label());
                        json.known("inode", stdio.inode());
                    });
                }
            });
        }
    }

    /** What a leak's descriptor and one in a process's list share; kind and origin stand elsewhere in a leak. */
    void descriptor(JsonWriter json, DescriptorView descriptor, Optional<Boolean> closeOnExec) throws IOException {
        json.text("end", descriptor.end().label());
        json.known("inode", descriptor.inode());
        if (closeOnExec.isPresent()) {
            json.bool("closeOnExec", closeOnExec.get());
        }
        time(json, "openedAt", descriptor.openedAt());
        CallSiteJson.write(json, "callSite", frames(descriptor));
    }

    /** The name of the thread that opened it, for as long as it lives; the first thread's is that of its process. */
    Optional<String> opener(Leak.Holder holder, DescriptorView descriptor) {
        Optional<String> living = attribution.threadName(
                descriptor.openedBy(), descriptor.openedAt().orElse(0));
        return living.isEmpty() && descriptor.openedBy() == holder.id().pid() ? Optional.of(holder.comm()) : living;
    }

    /** Where it was made, the user's code first; empty when that is not known, or not yet. */
    List<Frame> frames(DescriptorView descriptor) {
        return descriptor.callSite().map(callSites::resolve).orElse(List.of());
    }

    void time(JsonWriter json, String name, OptionalLong bootNanos) throws IOException {
        time(json, name, bootNanos.orElse(0));
    }

    /** Boot time 0 is before any process: it stands for unknown. */
    void time(JsonWriter json, String name, long bootNanos) throws IOException {
        if (bootNanos > 0) {
            json.time(name, clock.instant(bootNanos));
        }
    }

    /** Adds the filters that every list has which tells of processes. */
    <T> Filters<T> filters(Filters<T> filters, Function<T, String> comm, Function<T, Long> cgroup) {
        return filters.text("comm", row -> List.of(comm.apply(row)))
                .text(
                        "container",
                        row -> named(cgroup.apply(row), c -> Stream.concat(Stream.of(c.id()), c.name().stream())))
                .text("pod", row -> named(cgroup.apply(row), c -> c.pod().stream()))
                .text("namespace", row -> named(cgroup.apply(row), c -> c.namespace().stream()))
                .text("podUid", row -> named(cgroup.apply(row), c -> c.podUid().stream()))
                .text(
                        "runtime",
                        row -> named(
                                cgroup.apply(row), c -> c.runtime().stream().map(ContainerRuntime::label)));
    }

    /** What people know a process by and look for: its name, and those of where it runs. */
    List<String> searched(String comm, long cgroup) {
        List<String> names = new ArrayList<>();
        names.add(comm);
        attribution.container(cgroup).ifPresent(container -> {
            names.add(container.id());
            container.name().ifPresent(names::add);
            container.pod().ifPresent(names::add);
            container.namespace().ifPresent(names::add);
        });
        return names;
    }

    private List<String> named(long cgroup, Function<Container, Stream<String>> names) {
        return attribution.container(cgroup).stream().flatMap(names).toList();
    }
}
