/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import dev.ghostfd.attribution.BlockedThread;
import dev.ghostfd.event.Kind;
import dev.ghostfd.leak.Confidence;
import dev.ghostfd.leak.Leak;
import dev.ghostfd.leak.NodeView;
import dev.ghostfd.leak.Rule;
import dev.ghostfd.lifecycle.DescriptorView;
import dev.ghostfd.lifecycle.End;
import dev.ghostfd.lifecycle.Origin;
import dev.ghostfd.lifecycle.ProcessId;
import dev.ghostfd.lifecycle.ProcessView;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** {@code /api/v1/leaks}: all current findings, oldest first. */
final class LeakList {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Names names;
    private final Filters<Leak> filters;

    LeakList(Names names) {
        this.names = names;
        this.filters = names.filters(
                        new Filters<Leak>(),
                        leak -> leak.process().comm(),
                        leak -> leak.process().cgroup())
                .text("id", leak -> List.of(leak.id()))
                .word("rule", Rule.values(), Rule::label, Leak::rule)
                .word("confidence", Confidence.values(), Confidence::label, Leak::confidence)
                .word("kind", Kind.values(), Kind::label, Leak::kind)
                .word("origin", Origin.values(), Origin::label, Leak::origin)
                .number("pid", leak -> OptionalLong.of(leak.process().id().pid()))
                .text(
                        "exe",
                        leak -> names.attribution().executable(leak.process().id()).stream()
                                .toList())
                .text(
                        "cgroup",
                        leak -> names.attribution().cgroupPath(leak.process().cgroup()).stream()
                                .toList())
                .number(
                        "fd",
                        leak -> view(leak).map(v -> OptionalLong.of(v.fd())).orElse(OptionalLong.empty()))
                .number(
                        "inode",
                        leak -> view(leak).map(v -> OptionalLong.of(v.inode())).orElse(OptionalLong.empty()))
                .word(
                        "end",
                        End.values(),
                        End::label,
                        leak -> view(leak).map(DescriptorView::end).orElse(End.NONE));
    }

    ListQuery parse(Request request) {
        return ListQuery.parse(request, Limits.LIST_ROWS, filters.names());
    }

    /** What to write for a query, against one view. */
    JsonWriter.Content answer(NodeView node, ListQuery query, JsonWriter json) {
        List<Leak> leaks =
                node.leaks().stream().filter(filters.matching(query.rest())).toList();
        return () -> {
            Map<ProcessId, Integer> inner = innerPids(node);
            json.number("total", leaks.size());
            json.array("leaks", () -> {
                for (Leak leak : Window.of(leaks, query)) {
                    int nsPid = inner.getOrDefault(leak.process().id(), 0);
                    json.object(() -> write(json, leak, node.time(), nsPid));
                }
            });
        };
    }

    /** The pids inside their containers of processes that have another one there. */
    private static Map<ProcessId, Integer> innerPids(NodeView node) {
        return node.processes().stream()
                .filter(process ->
                        process.nsPid() != 0 && process.nsPid() != process.id().pid())
                .collect(Collectors.toMap(ProcessView::id, ProcessView::nsPid));
    }

    /**
     * The fields of one leak, as of a boot time in nanoseconds.
     *
     * @param nsPid the pid inside the container, 0 when unknown or no other
     */
    void write(JsonWriter json, Leak leak, long now, int nsPid) throws IOException {
        json.text("id", leak.id());
        json.text("rule", leak.rule().label());
        json.text("confidence", leak.confidence().label());
        json.text("kind", leak.kind().label());
        json.text("origin", leak.origin().label());
        Leak.Holder holder = leak.process();
        json.object("process", () -> {
            names.identity(json, holder.id(), holder.comm(), holder.cgroup());
            json.known("nsPid", nsPid);
        });
        if (leak.descriptor().isPresent()) {
            json.object(
                    "descriptor", () -> write(json, holder, leak.descriptor().get()));
        }
        if (leak.child().isPresent()) {
            json.object("child", () -> names.child(json, leak.child().get()));
        }
        if (leak.peer().isPresent()) {
            json.object("peer", () -> write(json, leak.peer().get()));
        }
        if (leak.growth().isPresent()) {
            json.decimal(
                    "growthPerMinute", OptionalDouble.of(leak.growth().get().perMinute()));
            json.decimal("exhaustionSeconds", leak.growth().get().exhaustionSeconds());
        }
        json.number("count", leak.count());
        names.time(json, "firstSeen", leak.firstSeen());
        json.decimal("ageSeconds", ageSeconds(leak, now));
        json.text("hint", names.hint(leak));
    }

    static double ageSeconds(Leak leak, long now) {
        return Math.max(0, now - leak.firstSeen()) / NANOS_PER_SECOND;
    }

    private void write(JsonWriter json, Leak.Holder holder, Leak.Descriptor descriptor) throws IOException {
        DescriptorView view = descriptor.view();
        json.number("fd", view.fd());
        names.descriptor(
                json,
                view,
                descriptor.closeOnExec().or(() -> names.attribution().closeOnExec(holder.id(), view.fd())));
        if (view.openedBy() > 0) {
            json.object("openedBy", () -> {
                json.number("tid", view.openedBy());
                json.text("comm", names.opener(holder, view));
            });
        }
        Optional<BlockedThread> blocked = names.attribution().blockedOn(holder.id(), view.fd());
        if (blocked.isPresent()) {
            json.object("blockedThread", () -> {
                json.number("tid", blocked.get().tid());
                json.text("comm", blocked.get().comm());
                json.text("syscall", blocked.get().syscall());
            });
        }
    }

    private static void write(JsonWriter json, Leak.Peer peer) throws IOException {
        json.number("readers", peer.readers());
        json.number("writers", peer.writers());
        json.number("bufferedBytes", peer.bufferedBytes());
        if (peer.holders().isEmpty()) {
            return;
        }
        json.array("holders", () -> {
            for (Leak.PeerHolder holder : peer.holders()) {
                json.object(() -> {
                    json.number("pid", holder.pid());
                    json.text("comm", holder.comm());
                    json.number("fd", holder.fd());
                    json.text("cause", holder.cause());
                });
            }
        });
    }

    private static Optional<DescriptorView> view(Leak leak) {
        return leak.descriptor().map(Leak.Descriptor::view);
    }
}
