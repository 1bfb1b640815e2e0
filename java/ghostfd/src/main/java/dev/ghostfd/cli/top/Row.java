/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli.top;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ghostfd.cli.terminal.RoughTime;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Texts and figures of a row of the API's lists; a field that is absent there is a dash here. */
final class Row {
    private static final String UNKNOWN = "-";
    private static final int CONTAINER_ID_DIGITS = 12;
    private static final double PER_CENT = 100;

    private Row() {}

    static Function<JsonNode, String> text(String field) {
        return row -> row.path(field).asText(UNKNOWN);
    }

    static Function<JsonNode, String> percent(String field) {
        return row -> formatted(row, field, ratio -> String.format(Locale.ROOT, "%.0f%%", ratio * PER_CENT));
    }

    static Function<JsonNode, String> rate(String field) {
        return row -> formatted(row, field, rate -> String.format(Locale.ROOT, "%+.1f", rate));
    }

    static Function<JsonNode, String> time(String field) {
        return row -> formatted(row, field, RoughTime::of);
    }

    private static String formatted(JsonNode row, String field, Function<Double, String> format) {
        JsonNode value = row.path(field);
        return value.isNumber() ? format.apply(value.asDouble()) : UNKNOWN;
    }

    /** A figure to sort by; what is unknown comes last. */
    static double number(JsonNode row, String field) {
        return row.path(field).asDouble(Double.NEGATIVE_INFINITY);
    }

    /** Pod and container where they have names, else the container's id. */
    static String container(JsonNode row) {
        JsonNode container = row.path("container");
        String names = Stream.of("namespace", "pod", "name")
                .map(container::path)
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .reduce((left, right) -> left + "/" + right)
                .orElse("");
        if (!names.isEmpty()) {
            return names;
        }
        String id = container.path("id").asText(UNKNOWN);
        return id.substring(0, Math.min(CONTAINER_ID_DIGITS, id.length()));
    }

    /** The innermost frame with a name that is not of a runtime: {@code main.runJob job.go:42}. */
    static String callSite(JsonNode row) {
        for (JsonNode frame : row.path("callSite")) {
            if (frame.path("function").isTextual() && !frame.path("runtime").asBoolean()) {
                String file = frame.path("file").asText("");
                String line = frame.path("line").isNumber()
                        ? " " + file.substring(file.lastIndexOf('/') + 1) + ":" + frame.path("line")
                        : "";
                return frame.path("function").asText() + line;
            }
        }
        return UNKNOWN;
    }

    /** The kind it has most of: {@code 812 pipe}. */
    static String mostFrequentKind(JsonNode row) {
        Optional<String> most = row.path("byKind").properties().stream()
                .max((left, right) -> Integer.compare(
                        left.getValue().asInt(), right.getValue().asInt()))
                .map(kind -> kind.getValue().asInt() + " " + kind.getKey());
        return most.orElse(UNKNOWN);
    }
}
