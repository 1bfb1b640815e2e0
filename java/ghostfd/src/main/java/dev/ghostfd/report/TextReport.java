/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.report;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** For people, below the output of their command. */
public final class TextReport {
    /** Of one site; the rest is counted. */
    private static final int MOST_INSTANCES = 10;

    private TextReport() {}

    /** Writes everything there is to tell; the last line sums it up. */
    public static void write(RunReport report, PrintWriter out) {
        for (Problem problem : report.problems()) {
            if (!problem.accepted()) {
                write(problem, out);
            }
        }
        for (String warning : report.warnings()) {
            out.println("ghostfd: warning: " + warning);
        }
        out.println("ghostfd: " + summary(report.problems()));
        out.flush();
    }

    /** One line that says what was found, and where to read it. */
    public static void writeSummary(RunReport report, Path file, PrintWriter out) {
        out.println("ghostfd: " + summary(report.problems()) + "; see " + file);
        out.flush();
    }

    private static void write(Problem problem, PrintWriter out) {
        out.println("ghostfd: " + problem.title());
        problem.instances().stream().limit(MOST_INSTANCES).forEach(instance -> out.println("    " + instance));
        if (problem.instances().size() > MOST_INSTANCES) {
            out.println("    and " + (problem.instances().size() - MOST_INSTANCES) + " more");
        }
        out.println("    -> " + problem.hint());
    }

    /** {@code 3 leaks at 2 sites, 1 accepted by the baseline}. */
    static String summary(List<Problem> problems) {
        List<Problem> failures = problems.stream().filter(Problem::isFailure).toList();
        int leaks = failures.stream().mapToInt(Problem::count).sum();
        long accepted = problems.stream().filter(Problem::accepted).count();
        String found = leaks == 0
                ? "no leaks"
                : leaks + (leaks == 1 ? " leak" : " leaks") + " at " + failures.size()
                        + (failures.size() == 1 ? " site" : " sites");
        return found + (accepted == 0 ? "" : ", " + accepted + " accepted by the baseline");
    }
}
