/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import dev.ghostfd.attribution.Attribution;
import dev.ghostfd.attribution.CallSites;
import dev.ghostfd.event.BootClock;
import dev.ghostfd.leak.NodeView;
import dev.ghostfd.leak.Replay;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

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
                                    json, finding.leak(), finding.resolvedAt().orElse(result.endedAt()));
                            names.time(json, "resolvedAt", finding.resolvedAt());
                        });
                    }
                });
            });
        }
    }
}
