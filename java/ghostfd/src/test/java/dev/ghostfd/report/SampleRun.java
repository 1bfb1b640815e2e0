/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.report;

import dev.ghostfd.attribution.Frame;
import dev.ghostfd.event.Kind;
import dev.ghostfd.leak.Confidence;
import dev.ghostfd.leak.Leak;
import dev.ghostfd.leak.ProcessEnd;
import dev.ghostfd.lifecycle.DescriptorView;
import dev.ghostfd.lifecycle.End;
import dev.ghostfd.lifecycle.ExitStatus;
import dev.ghostfd.lifecycle.Origin;
import dev.ghostfd.lifecycle.ProcessId;
import dev.ghostfd.metrics.SampleNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A run of {@code make test} that leaked two pipes at one line, a third that is only suspected, and a child; and that had a
 * file open at an exit.
 */
final class SampleRun {
    static final SourceRoot ROOT = new SourceRoot(Path.of("/srv/project"));
    static final Frame FRAME = new Frame(
            Optional.of("spawn_all"),
            Optional.of("/srv/project/src/a job.c"),
            OptionalInt.of(42),
            Optional.of("/usr/bin/app"),
            0x1234,
            false);

    private static final Problems PROBLEMS = new Problems(
            SampleNode.ATTRIBUTION, leak -> leak.descriptor().isPresent() ? Optional.of(FRAME) : Optional.empty());

    private SampleRun() {}

    static List<Leak> leaks() {
        return new SampleNode()
                .orphanedPipe(100, "app", 0, 3, Confidence.CONFIRMED)
                .orphanedPipe(101, "app", 0, 4, Confidence.CONFIRMED)
                .orphanedPipe(102, "app", SampleNode.IN_CONTAINER, 5, Confidence.SUSPECTED)
                .zombie(100, "a<b&\u0001\"c", 5152)
                .view()
                .leaks();
    }

    static List<ProcessEnd> ends() {
        return List.of(new ProcessEnd(
                new Leak.Holder(new ProcessId(103, 10 * SampleNode.SECOND), "lint", 0),
                new ExitStatus(2 << 8),
                List.of(new DescriptorView(
                        7,
                        Kind.FILE,
                        End.NONE,
                        1,
                        OptionalLong.of(11 * SampleNode.SECOND),
                        103,
                        Origin.TRACED,
                        Optional.empty()))));
    }

    static List<Problem> problems(boolean failAtExit) {
        List<Problem> problems = new ArrayList<>(PROBLEMS.ofLeaks(leaks()));
        problems.addAll(PROBLEMS.ofEnds(ends(), failAtExit));
        return problems;
    }

    static RunReport report() {
        return report(problems(false), List.of("12 events were lost"));
    }

    static RunReport clean() {
        return report(List.of(), List.of());
    }

    static RunReport report(List<Problem> problems, List<String> warnings) {
        return new RunReport(
                "1.2.3",
                List.of("make", "test"),
                ROOT,
                Instant.parse("2026-11-23T08:00:00Z"),
                Instant.parse("2026-11-23T08:20:34.567Z"),
                2,
                leaks(),
                ends(),
                problems,
                warnings);
    }
}
