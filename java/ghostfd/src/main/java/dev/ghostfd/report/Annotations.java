/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.report;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.OptionalInt;

/** Lines that GitHub Actions, reading the log of a step, shows at the line of code in the change. */
public final class Annotations {
    private Annotations() {}

    /** One for each problem that the baseline does not accept. */
    public static void write(RunReport report, PrintWriter out) {
        for (Problem problem : report.problems()) {
            if (!problem.accepted()) {
                out.println("::" + (problem.isFailure() ? "warning" : "notice") + " " + properties(problem, report)
                        + "::" + message(problem.title() + "\n" + problem.hint()));
            }
        }
        out.flush();
    }

    private static String properties(Problem problem, RunReport report) {
        Optional<String> file =
                problem.callSite().flatMap(frame -> frame.file()).map(report.root()::pathOf);
        OptionalInt line = problem.callSite().map(frame -> frame.line()).orElse(OptionalInt.empty());
        return file.map(name -> "file=" + property(name) + ",").orElse("")
                + (file.isPresent() && line.isPresent() ? "line=" + line.getAsInt() + "," : "")
                + "title=" + property("ghostfd " + problem.rule());
    }

    /** The escapes of the workflow command syntax. */
    private static String message(String text) {
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static String property(String text) {
        return message(text).replace(":", "%3A").replace(",", "%2C");
    }
}
