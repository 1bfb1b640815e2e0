/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.attribution.Attribution;
import dev.ghostfd.event.BootClock;
import dev.ghostfd.http.JsonReport;
import dev.ghostfd.leak.Leak;
import dev.ghostfd.leak.NodeView;
import dev.ghostfd.lifecycle.ProcessView;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What {@code scan} prints. */
record ScanReport(NodeView view, BootClock clock, Attribution attribution) {
    private static final int TOP = 10;
    private static final String NONE = "-";

    void writeText(PrintWriter out) {
        List<Leak> leaks = view.leaks();
        if (leaks.isEmpty()) {
            out.println("No leaks to be seen.");
        } else {
            out.printf(
                    "%-8s %-15s %-15s %-10s %-6s %-6s %s%n", "PID", "COMM", "RULE", "CONFIDENCE", "FD", "END", "CHILD");
            leaks.forEach(leak -> writeLeak(out, leak));
        }
        out.println();
        out.printf("%-8s %-15s %8s %10s  %s%n", "PID", "COMM", "OPEN", "SOFT LIMIT", "MOST");
        view.processes().stream()
                .sorted(Comparator.comparingInt(ProcessView::open).reversed())
                .limit(TOP)
                .forEach(process -> out.printf(
                        "%-8d %-15s %8d %10s  %s%n",
                        process.id().pid(),
                        process.comm(),
                        process.open(),
                        process.softLimit() == 0 ? NONE : Long.toUnsignedString(process.softLimit()),
                        mostFrequent(process)));
    }

    private static void writeLeak(PrintWriter out, Leak leak) {
        String fd = leak.descriptor()
                .map(descriptor -> Integer.toString(descriptor.view().fd()))
                .orElse(NONE);
        String end = leak.descriptor()
                .map(descriptor -> descriptor.view().end().label())
                .orElse(NONE);
        String child =
                leak.child().map(known -> known.id().pid() + " " + known.comm()).orElse(NONE);
        out.printf(
                "%-8d %-15s %-15s %-10s %-6s %-6s %s%n",
                leak.process().id().pid(),
                leak.process().comm(),
                leak.rule().label(),
                leak.confidence().label(),
                fd,
                end,
                child);
    }

    private static String mostFrequent(ProcessView process) {
        return process.byKind().entrySet().stream()
                .max(Comparator.comparingInt(entry -> entry.getValue()))
                .map(entry -> String.format(
                        Locale.ROOT, "%d %s", entry.getValue(), entry.getKey().label()))
                .orElse(NONE);
    }

    void writeJson(OutputStream out) throws IOException {
        JsonReport.write(view, attribution, clock, out);
    }
}
