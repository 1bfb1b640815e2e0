/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;

/** Case, expected, found and verdict of one run, for people; scripts/corpus prints it. */
final class CorpusTable {
    private static final String LINE = "%-34s %-44s %-60s %s%n";

    private final String name;
    private final Map<String, String> lines = new TreeMap<>();
    private final Map<String, String> reasons = new TreeMap<>();

    /** An empty table that is kept in a file of this name. */
    CorpusTable(String name) {
        this.name = name;
    }

    static String text(Map<String, Long> findings) {
        return findings.entrySet().stream()
                .map(one -> (one.getValue() > 0 ? one.getValue() + " " : "") + one.getKey())
                .collect(joining(", "));
    }

    /** Enters a case and writes the table anew. */
    void enter(CorpusCase program, String expected, String found, String verdict) {
        lines.put(program.name(), LINE.formatted(program.name(), expected, found, verdict));
        write();
    }

    /** Says why a case that has been left open is reported as it is. */
    void explain(CorpusCase program, String why) {
        reasons.put(program.name(), program.name() + ": " + why + "\n");
        write();
    }

    private void write() {
        try {
            Files.writeString(
                    Workbench.folder("corpus-tables").resolve(name),
                    LINE.formatted("CASE", "EXPECTED", "FOUND", "VERDICT")
                            + String.join("", lines.values())
                            + String.join("", reasons.values()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
