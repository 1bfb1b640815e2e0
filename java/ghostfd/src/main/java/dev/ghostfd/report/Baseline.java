/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Sites that are known and accepted: a JSON file to be kept beside the code. */
public final class Baseline {
    /** Accepts nothing. */
    public static final Baseline NONE = new Baseline(Set.of());

    private static final JsonMapper JSON = new JsonMapper();
    private static final String SITES = "sites";

    private final Set<AcceptedSite> sites;

    private Baseline(Set<AcceptedSite> sites) {
        this.sites = Set.copyOf(sites);
    }

    /**
     * Reads a file that {@link #write} made.
     *
     * @throws IOException with a message for the user if there is no such file, or it is something else
     */
    public static Baseline read(Path file) throws IOException {
        try {
            JsonNode document = JSON.readTree(Files.readAllBytes(file));
            if (!document.path(SITES).isArray()) {
                throw new IOException(file + " is not a baseline: it has no list \"" + SITES + "\"");
            }
            Set<AcceptedSite> sites = new HashSet<>();
            for (JsonNode site : document.get(SITES)) {
                sites.add(new AcceptedSite(
                        text(file, site, "rule"),
                        text(file, site, "comm"),
                        text(file, site, "kind"),
                        optional(site, "file"),
                        optional(site, "function")));
            }
            return new Baseline(sites);
        } catch (NoSuchFileException missing) {
            throw new IOException("there is no baseline " + file + "; write it with --update-baseline", missing);
        } catch (JsonProcessingException broken) {
            throw new IOException(file + " is not a baseline: " + broken.getOriginalMessage(), broken);
        }
    }

    private static String text(Path file, JsonNode site, String field) throws IOException {
        return optional(site, field)
                .orElseThrow(() -> new IOException(file + " is not a baseline: a site has no \"" + field + "\""));
    }

    private static Optional<String> optional(JsonNode site, String field) {
        return Optional.ofNullable(site.path(field).textValue());
    }

    /** Marks those that are known. */
    public List<Problem> applyTo(List<Problem> problems, SourceRoot root) {
        return problems.stream()
                .map(problem -> sites.contains(AcceptedSite.of(problem, root)) ? problem.asAccepted() : problem)
                .toList();
    }

    /** Writes a baseline that accepts exactly these; sorted, so that a change shows well in a diff. */
    public static void write(Path file, List<Problem> problems, SourceRoot root) throws IOException {
        ObjectNode document = JSON.createObjectNode();
        ArrayNode list = document.putArray(SITES);
        problems.stream()
                .map(problem -> AcceptedSite.of(problem, root))
                .distinct()
                .sorted(AcceptedSite.ORDER)
                .forEach(site -> {
                    ObjectNode node = list.addObject()
                            .put("rule", site.rule())
                            .put("comm", site.comm())
                            .put("kind", site.kind());
                    site.file().ifPresent(name -> node.put("file", name));
                    site.function().ifPresent(name -> node.put("function", name));
                });
        Files.writeString(file, document.toPrettyString() + "\n");
    }
}
