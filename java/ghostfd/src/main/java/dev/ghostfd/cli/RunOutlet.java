/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.attribution.Attribution;
import dev.ghostfd.attribution.CallSites;
import dev.ghostfd.attribution.Frame;
import dev.ghostfd.attribution.ProcAttribution;
import dev.ghostfd.attribution.ProgramMemory;
import dev.ghostfd.attribution.container.CgroupMount;
import dev.ghostfd.attribution.container.CgroupPaths;
import dev.ghostfd.event.BootClock;
import dev.ghostfd.http.JsonReport;
import dev.ghostfd.kernel.BootTime;
import dev.ghostfd.leak.Leak;
import dev.ghostfd.leak.NodeView;
import dev.ghostfd.leak.ProcessWatcher;
import dev.ghostfd.leak.RunFindings;
import dev.ghostfd.leak.TracerStatus;
import dev.ghostfd.report.Annotations;
import dev.ghostfd.report.Baseline;
import dev.ghostfd.report.JUnitReport;
import dev.ghostfd.report.Problem;
import dev.ghostfd.report.Problems;
import dev.ghostfd.report.RunReport;
import dev.ghostfd.report.SarifReport;
import dev.ghostfd.report.SourceRoot;
import dev.ghostfd.report.TextReport;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLStreamException;

/** Where the report of a run goes, and in which form; opened before the command starts. */
final class RunOutlet {
    private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");

    private final RunOptions options;
    private final Baseline baseline;
    private final ProgramMemory attribution = ProgramMemory.of(
            new ProcAttribution(Path.of("/proc"), new CgroupPaths(CgroupMount.inMountinfo(MOUNTINFO))));
    private CallSites callSites = CallSites.NONE;
    private final SourceRoot root = new SourceRoot(Path.of("").toAbsolutePath());

    private RunOutlet(RunOptions options, Baseline baseline) {
        this.options = options;
        this.baseline = baseline;
    }

    /**
     * Reads the baseline and creates the report's file; fails with a line for the user. The file does not stay open: Java
     * opens it without close-on-exec, and the command would get it.
     */
    static RunOutlet prepare(RunOptions options) throws IOException {
        Baseline baseline = options.baseline().isPresent() && !options.updateBaseline()
                ? Baseline.read(options.baseline().get())
                : Baseline.NONE;
        if (options.output().isPresent()) {
            create(options.output().get()).close();
        }
        return new RunOutlet(options, baseline);
    }

    private static OutputStream create(Path file) throws IOException {
        try {
            return new BufferedOutputStream(Files.newOutputStream(file));
        } catch (NoSuchFileException noFolder) {
            throw new IOException("cannot create " + file + ": there is no such folder", noFolder);
        } catch (AccessDeniedException denied) {
            throw new IOException("cannot create " + file + ": permission denied; choose another --output", denied);
        } catch (FileSystemException other) {
            throw new IOException("cannot create " + file + ": " + other.getReason(), other);
        }
    }

    /** To be told of processes while they live, for the report to know what they were. */
    ProcessWatcher watcher() {
        return attribution::runs;
    }

    /** Says who knows where leaks were made. */
    RunOutlet reading(CallSites sites) {
        callSites = sites;
        return this;
    }

    private Optional<Frame> callSite(Leak leak) {
        return leak.descriptor()
                .flatMap(descriptor -> descriptor.view().callSite())
                .flatMap(stack -> Frame.place(callSites.resolve(stack)));
    }

    /** Writes it; whether anything failed the run. */
    boolean report(List<String> words, Instant startedAt, int commandExit, RunFindings.Result found, NodeView last)
            throws IOException {
        Problems gathered = new Problems(attribution, this::callSite);
        List<Problem> problems = new ArrayList<>(gathered.ofLeaks(found.leaks()));
        problems.addAll(gathered.ofEnds(found.ends(), options.atExit() == RunOptions.AtExit.FAIL));
        if (options.updateBaseline()) {
            Baseline.write(options.baseline().orElseThrow(), problems, root);
        }
        RunReport report = new RunReport(
                VersionProvider.version(),
                words,
                root,
                startedAt,
                Instant.now(),
                commandExit,
                found.leaks(),
                found.ends(),
                options.updateBaseline() ? List.of() : baseline.applyTo(problems, root),
                warnings(found, last));
        writeWhereAsked(report, attribution, last);
        return report.hasFailed();
    }

    private static List<String> warnings(RunFindings.Result found, NodeView last) {
        List<String> warnings = new ArrayList<>();
        long lost = last.status().losses().stream()
                .mapToLong(TracerStatus.Loss::count)
                .sum();
        if (lost > 0) {
            warnings.add(lost + " events were lost, so leaks may be missing; give it a larger --ring-buffer");
        }
        if (!last.processes().isEmpty()) {
            int left = last.processes().size();
            warnings.add((left == 1 ? "1 process still runs" : left + " processes still run")
                    + "; what comes of what they hold is not seen");
        }
        if (found.unlisted() > 0) {
            warnings.add(found.unlisted() + " more descriptors were open at exit and are not listed");
        }
        return warnings;
    }

    private void writeWhereAsked(RunReport report, Attribution attribution, NodeView last) throws IOException {
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        if (options.output().isPresent()) {
            Path file = options.output().get();
            try (OutputStream out = create(file)) {
                write(report, attribution, last, out);
            }
            if (!report.isEmpty()) {
                TextReport.writeSummary(report, file, err);
            }
        } else if (options.format() != RunOptions.Format.TEXT || !report.isEmpty()) {
            /* With nothing to tell, and nothing asked for, the command's output stays as it was. */
            write(report, attribution, last, System.err);
        }
        if ("true".equals(System.getenv("GITHUB_ACTIONS"))) {
            Annotations.write(report, err);
        }
    }

    private void write(RunReport report, Attribution attribution, NodeView last, OutputStream out) throws IOException {
        switch (options.format()) {
            case JSON ->
                JsonReport.writeRun(
                        report, attribution, callSites, new BootClock(BootTime.wallClockOffset()), last.time(), out);
            case JUNIT -> writeJUnit(report, out);
            case SARIF -> SarifReport.write(report, out);
            case TEXT -> TextReport.write(report, new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)));
        }
        if (options.format() != RunOptions.Format.TEXT) {
            out.write('\n');
        }
        out.flush();
    }

    private static void writeJUnit(RunReport report, OutputStream out) throws IOException {
        try {
            JUnitReport.write(report, out);
        } catch (XMLStreamException failed) {
            throw new IOException("cannot write the report: " + failed.getMessage(), failed);
        }
    }
}
