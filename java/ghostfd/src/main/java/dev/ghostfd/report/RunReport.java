/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.report;

import dev.ghostfd.leak.Leak;
import dev.ghostfd.leak.ProcessEnd;
import java.time.Instant;
import java.util.List;

/**
 * What a run found and how it went.
 *
 * @param command the command and its arguments
 * @param root from where source files are named
 * @param commandExit what a shell would have had as its status
 * @param ends empty unless they were asked for
 * @param warnings what may be wrong with the findings themselves, a line each
 */
public record RunReport(
        String version,
        List<String> command,
        SourceRoot root,
        Instant startedAt,
        Instant endedAt,
        int commandExit,
        List<Leak> leaks,
        List<ProcessEnd> ends,
        List<Problem> problems,
        List<String> warnings) {

    public RunReport {
        command = List.copyOf(command);
        leaks = List.copyOf(leaks);
        ends = List.copyOf(ends);
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }

    /** Whether there is anything that the baseline does not accept. */
    public boolean hasFailed() {
        return problems.stream().anyMatch(Problem::isFailure);
    }

    /** Whether there is anything to tell at all. */
    public boolean isEmpty() {
        return problems.isEmpty() && warnings.isEmpty();
    }

    double seconds() {
        return (endedAt.toEpochMilli() - startedAt.toEpochMilli()) / 1000.0;
    }
}
