/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import dev.ghostfd.attribution.Attribution;
import dev.ghostfd.attribution.CallSites;
import dev.ghostfd.event.BootClock;
import dev.ghostfd.leak.Leak;
import dev.ghostfd.leak.NodeView;
import dev.ghostfd.leak.ProcessEnd;
import dev.ghostfd.leak.Replay;
import dev.ghostfd.lifecycle.DescriptorView;
import dev.ghostfd.report.Problem;
import dev.ghostfd.report.RunReport;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;

/** Findings as a document of its own, in the words of the API, for commands that serve no HTTP. */
public final class JsonReport {
    private JsonReport() {}

    /** Writes {@code {"total":N,"leaks":[…],"processes":[…]}} with every leak and process of a view. */
    public static void write(NodeView view, Attribution attribution, BootClock clock, OutputStream out)
            throws IOException {
        Names names = new Names(attribution, CallSites.NONE, clock);
        ListQuery everything = new ListQuery(Integer.MAX_VALUE, 0, Map.of());
        try (JsonWriter json = JsonWriter.to(out)) {
            json.object(() -> {
                new LeakList(names).answer(view, everything, json).write();
                new ProcessList(names).writeAll(view, json);
            });
        }
    }

    /** Writes {@code {"command":[…],"exitCode":N,…,"total":N,"leaks":[…]}}, and what was open at exit if that was asked for. */
    public static void writeRun(
            RunReport run, Attribution attribution, CallSites callSites, BootClock clock, long now, OutputStream out)
            throws IOException {
        Names names = new Names(attribution, callSites, clock);
        LeakList leaks = new LeakList(names);
        try (JsonWriter json = JsonWriter.to(out)) {
            json.object(() -> {
                json.texts("command", run.command());
                json.number("exitCode", run.commandExit());
                json.time("startedAt", run.startedAt());
                json.time("endedAt", run.endedAt());
                json.bool("failed", run.hasFailed());
                json.texts("warnings", run.warnings());
                json.number("total", run.leaks().size());
                json.array("leaks", () -> {
                    for (Leak leak : run.leaks()) {
                        json.object(() -> leaks.write(json, leak, now, 0));
                    }
                });
                json.array("sites", () -> {
                    for (Problem problem : run.problems()) {
                        json.object(() -> write(json, problem));
                    }
                });
                if (!run.ends().isEmpty()) {
                    json.array("openAtExit", () -> {
                        for (ProcessEnd end : run.ends()) {
                            json.object(() -> write(json, names, end));
                        }
                    });
                }
            });
        }
    }

    private static void write(JsonWriter json, Problem problem) throws IOException {
        json.text("rule", problem.rule());
        json.text("comm", problem.comm());
        json.text("container", problem.container());
        json.text("kind", problem.kind());
        json.text("place", problem.place());
        json.number("count", problem.count());
        json.bool("accepted", problem.accepted());
        json.text("hint", problem.hint());
    }

    private static void write(JsonWriter json, Names names, ProcessEnd end) throws IOException {
        Leak.Holder process = end.process();
        json.object("process", () -> names.identity(json, process.id(), process.comm(), process.cgroup()));
        if (end.status().signal() == 0) {
            json.number("exitCode", end.status().code());
        }
        json.number("signal", end.status().signal());
        json.array("descriptors", () -> {
            for (DescriptorView descriptor : end.held()) {
                json.object(() -> {
                    json.number("fd", descriptor.fd());
                    json.text("kind", descriptor.kind().label());
                    names.descriptor(json, descriptor, Optional.empty());
                });
            }
        });
    }

    /** Writes {@code {"total":N,"leaks":[…]}}; a leak that is gone has {@code resolvedAt}. Names are not looked up. */
    public static void writeReplay(Replay.Result result, BootClock clock, OutputStream out) throws IOException {
        Names names = new Names(Attribution.NONE, CallSites.NONE, clock);
        LeakList leaks = new LeakList(names);
        try (JsonWriter json = JsonWriter.to(out)) {
            json.object(() -> {
                json.number("total", result.findings().size());
                json.array("leaks", () -> {
                    for (Replay.Finding finding : result.findings()) {
                        json.object(() -> {
                            leaks.write(
                                    json, finding.leak(), finding.resolvedAt().orElse(result.endedAt()), 0);
                            names.time(json, "resolvedAt", finding.resolvedAt());
                        });
                    }
                });
            });
        }
    }
}
