/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.report;

import dev.ghostfd.attribution.Frame;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;

/**
 * What makes a problem the same one in the next run: no line, which moves with every edit above it, no pid, no container, no
 * count.
 *
 * @param file as {@link SourceRoot#pathOf} names it
 */
record AcceptedSite(String rule, String comm, String kind, Optional<String> file, Optional<String> function) {
    static final Comparator<AcceptedSite> ORDER = Comparator.comparing(AcceptedSite::rule)
            .thenComparing(AcceptedSite::comm)
            .thenComparing(AcceptedSite::kind)
            .thenComparing(site -> site.file().orElse(""))
            .thenComparing(site -> site.function().orElse(""));

    static AcceptedSite of(Problem problem, SourceRoot root) {
        return new AcceptedSite(
                problem.rule(),
                problem.comm(),
                problem.kind(),
                problem.callSite().flatMap(Frame::file).map(root::pathOf),
                problem.callSite().flatMap(Frame::function));
    }

    /** The same for the same site in every run, on every machine. */
    String fingerprint() {
        String text = String.join("\0", rule, comm, kind, file.orElse(""), function.orElse(""));
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
