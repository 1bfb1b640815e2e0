/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.report;

import dev.ghostfd.attribution.Frame;
import java.util.List;
import java.util.Optional;

/**
 * What is wrong at one site: all leaks of one rule and kind, in processes of one name, from one line of code.
 *
 * @param rule a rule's label, or {@value #OPEN_AT_EXIT}
 * @param count how many descriptors or children
 * @param instances one line for each
 * @param hint what to change in the code
 * @param accepted whether the baseline knows it
 */
public record Problem(
        String rule,
        Severity severity,
        String comm,
        Optional<String> container,
        String kind,
        Optional<Frame> callSite,
        int count,
        List<String> instances,
        String hint,
        boolean accepted) {

    /** In the place of a rule: descriptors that a process had open when it exited. */
    public static final String OPEN_AT_EXIT = "open-at-exit";

    /** How bad it is. */
    public enum Severity {
        /** Proven. */
        CONFIRMED,
        /** The history says so. */
        SUSPECTED,
        /** Only told because it was asked for. */
        NOTE
    }

    public Problem {
        instances = List.copyOf(instances);
    }

    /** Whether it makes the run fail. */
    public boolean isFailure() {
        return !accepted && severity != Severity.NOTE;
    }

    /** One line that stands by itself. */
    public String title() {
        String where = container.map(id -> " in container " + id).orElse("");
        return rule + (severity == Severity.SUSPECTED ? " (suspected)" : "") + ": " + comm + where + ": " + count + " "
                + kind + (count == 1 ? "" : plural(kind))
                + place().map(at -> ", from " + at).orElse("");
    }

    private static String plural(String noun) {
        return noun.endsWith("s") ? "es" : "s";
    }

    /** {@code run (src/job.go:42)}, as far as it is known. */
    public Optional<String> place() {
        return callSite.flatMap(Problem::place);
    }

    private static Optional<String> place(Frame frame) {
        Optional<String> line = frame.file()
                .map(file ->
                        file + (frame.line().isPresent() ? ":" + frame.line().getAsInt() : ""));
        return frame.function()
                .map(function -> function + line.map(at -> " (" + at + ")").orElse(""))
                .or(() -> line);
    }

    Problem asAccepted() {
        return new Problem(rule, severity, comm, container, kind, callSite, count, instances, hint, true);
    }
}
