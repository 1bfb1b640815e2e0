/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.attribution.Attribution;
import dev.ghostfd.attribution.ProcAttribution;
import dev.ghostfd.attribution.container.CgroupPaths;
import dev.ghostfd.event.BootClock;
import dev.ghostfd.kernel.BootTime;
import dev.ghostfd.kernel.PageSize;
import dev.ghostfd.kernel.Tracer;
import dev.ghostfd.kernel.TracerOptions;
import dev.ghostfd.leak.NodeView;
import dev.ghostfd.leak.Scan;
import dev.ghostfd.leak.Subtrees;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ghostfd scan}. */
@Command(
        name = "scan",
        mixinStandardHelpOptions = true,
        description = {
            "Reads the kernel's descriptor tables once, without tracing, and lists the leaks that can be seen and who holds"
                    + " the most descriptors.",
            "Takes a second, to tell what stands still from what moves. Without history a pipe is only suspected; trace"
                    + " with 'ghostfd daemon' to know for which child it was made."
        })
final class ScanCommand implements Callable<Integer> {
    @Mixin
    private ScopeOptions scope;

    @Mixin
    private PathOptions paths;

    @Option(names = "--json", description = "Print JSON, as /api/v1/leaks and /api/v1/processes have it.")
    private boolean json;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Integer> pids = scope.pids(paths);
        TracerOptions options = scope.tracer(paths, false, PageSize.bytes(), false);
        NodeView view;
        try (Tracer tracer = Tracer.open(options)) {
            Subtrees.admit(tracer, pids);
            view = Scan.of(tracer, BootTime::now);
        }
        PrintWriter out = command.commandLine().getOut();
        BootClock clock = new BootClock(BootTime.wallClockOffset());
        Attribution attribution = new ProcAttribution(paths.host().procfs(), new CgroupPaths(paths.cgroups()));
        ScanReport report = new ScanReport(view, clock, attribution);
        if (json) {
            report.writeJson(System.out);
            System.out.println();
        } else {
            report.writeText(out);
        }
        out.flush();
        return 0;
    }
}
