/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import dev.ghostfd.leak.NodeView;
import dev.ghostfd.lifecycle.ChildView;
import dev.ghostfd.lifecycle.DescriptorView;
import dev.ghostfd.lifecycle.ProcessDetail;
import dev.ghostfd.lifecycle.ProcessView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** {@code /api/v1/processes} and {@code /api/v1/processes/{pid}}. */
final class ProcessList {
    private static final String SORT = "sort";

    /** The orders of the list, each with the greatest first. */
    private enum Order {
        OPEN,
        RATIO,
        LEAKED,
        GROWTH;

        Comparator<ProcessView> comparator() {
            Comparator<ProcessView> key = switch (this) {
                case OPEN -> Comparator.comparingInt(ProcessView::open);
                case GROWTH ->
                    Comparator.comparingDouble(
                            process -> process.growthPerMinute().orElse(0));
                case RATIO -> Comparator.comparingDouble(ProcessList::ratio);
                case LEAKED -> Comparator.comparingInt(ProcessView::leaked);
            };
            return key.thenComparingInt(ProcessView::open)
                    .reversed()
                    .thenComparingInt(process -> process.id().pid());
        }

        static Order of(String name) {
            return switch (name) {
                case "open" -> OPEN;
                case "ratio" -> RATIO;
                case "leaked" -> LEAKED;
                case "growth" -> GROWTH;
                default -> throw HttpError.badParameter(SORT, "must be one of open, ratio, leaked, growth");
            };
        }
    }

    private final Names names;
    private final Filters<ProcessView> filters;
    private final List<String> parameters = new ArrayList<>(List.of(SORT));

    ProcessList(Names names) {
        this.names = names;
        this.filters = names.filters(new Filters<ProcessView>(), ProcessView::comm, ProcessView::cgroup)
                .number("pid", process -> OptionalLong.of(process.id().pid()))
                .text(
                        "exe",
                        process -> names.attribution().executable(process.id()).stream()
                                .toList())
                .text(
                        "cgroup",
                        process -> names.attribution().cgroupPath(process.cgroup()).stream()
                                .toList())
                .number("nsPid", process -> OptionalLong.of(process.nsPid()))
                .search(process -> searched(names, process))
                .number("open", process -> OptionalLong.of(process.open()))
                .number("softLimit", process -> OptionalLong.of(process.softLimit()))
                .number("hardLimit", process -> OptionalLong.of(process.hardLimit()))
                .number("leaked", process -> OptionalLong.of(process.leaked()))
                .number("unreapedChildren", process -> OptionalLong.of(process.unreapedChildren()));
        parameters.addAll(filters.names());
    }

    ListQuery parse(Request request) {
        return ListQuery.parse(request, Limits.LIST_ROWS, parameters);
    }

    /** A window over one process's descriptors. */
    static ListQuery parseDetail(Request request) {
        return ListQuery.parse(request, Limits.DETAIL_ROWS, List.of());
    }

    JsonWriter.Content answer(NodeView node, ListQuery query, JsonWriter json) {
        Order order = Order.of(query.rest().getOrDefault(SORT, "open"));
        List<ProcessView> processes = node.processes().stream()
                .filter(filters.matching(query.rest()))
                .sorted(order.comparator())
                .toList();
        return () -> {
            json.number("total", processes.size());
            json.array("processes", () -> {
                for (ProcessView process : Window.of(processes, query)) {
                    json.object(() -> write(json, process));
                }
            });
        };
    }

    JsonWriter.Content answer(ProcessDetail detail, ListQuery query, JsonWriter json) {
        return () -> {
            write(json, detail.process());
            Optional<List<String>> arguments =
                    names.attribution().arguments(detail.process().id());
            if (arguments.isPresent()) {
                json.texts("args", arguments.get());
            }
            json.array("descriptors", () -> {
                for (DescriptorView descriptor : Window.of(detail.descriptors(), query)) {
                    json.object(() -> write(json, detail.process(), descriptor));
                }
            });
            json.array("children", () -> {
                for (ChildView child : detail.children()) {
                    json.object(() -> names.child(json, child));
                }
            });
        };
    }

    /** Adds every process of a view, the one with the most descriptors first, as the array {@code processes}. */
    void writeAll(NodeView node, JsonWriter json) throws IOException {
        List<ProcessView> processes =
                node.processes().stream().sorted(Order.OPEN.comparator()).toList();
        json.array("processes", () -> {
            for (ProcessView process : processes) {
                json.object(() -> write(json, process));
            }
        });
    }

    private void write(JsonWriter json, ProcessView process) throws IOException {
        names.identity(json, process.id(), process.comm(), process.cgroup());
        json.known("nsPid", process.nsPid());
        json.number("open", process.open());
        json.known("softLimit", process.softLimit());
        json.known("hardLimit", process.hardLimit());
        if (process.softLimit() > 0) {
            json.ratio("ratio", ratio(process));
        }
        json.object("byKind", () -> {
            for (var kind : new TreeMap<>(process.byKind()).entrySet()) {
                json.number(kind.getKey().label(), kind.getValue());
            }
        });
        json.number("leaked", process.leaked());
        json.number("unreapedChildren", process.unreapedChildren());
        json.decimal("growthPerMinute", process.growthPerMinute());
        json.decimal("exhaustionSeconds", process.exhaustionSeconds());
    }

    private void write(JsonWriter json, ProcessView process, DescriptorView descriptor) throws IOException {
        json.number("fd", descriptor.fd());
        json.text("kind", descriptor.kind().label());
        names.descriptor(json, descriptor, names.attribution().closeOnExec(process.id(), descriptor.fd()));
        json.text("origin", descriptor.origin().label());
    }

    private static List<String> searched(Names names, ProcessView process) {
        List<String> searched = names.searched(process.comm(), process.cgroup());
        searched.add(Integer.toString(process.id().pid()));
        return searched;
    }

    private static double ratio(ProcessView process) {
        return process.softLimit() > 0 ? (double) process.open() / process.softLimit() : 0;
    }
}
