/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files under dashboards/, read as Grafana would. */
final class Dashboards {
    static final Path FOLDER = Path.of(System.getProperty("ghostfd.root", "../.."), "dashboards")
            .toAbsolutePath()
            .normalize();
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), (\\w+)\\)");

    /**
     * What a panel asks Prometheus for, its variables filled in for one node and everything on it.
     *
     * @param where dashboard and panel
     */
    record Query(String where, String expression) {}

    /**
     * What fills a variable's list.
     *
     * @param where dashboard and variable
     */
    record Choice(String where, String selector, String label) {}

    private Dashboards() {}

    static List<JsonNode> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(Dashboards::read)
                    .map(Api::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        for (JsonNode dashboard : all()) {
            for (JsonNode panel : dashboard.required("panels")) {
                for (JsonNode target : panel.path("targets")) {
                    String where = dashboard.required("uid").asText() + ": "
                            + panel.required("title").asText();
                    queries.add(
                            new Query(where, filledIn(target.required("expr").asText())));
                }
            }
        }
        return queries;
    }

    static List<Choice> choices() {
        List<Choice> choices = new ArrayList<>();
        for (JsonNode dashboard : all()) {
            for (JsonNode variable : dashboard.at("/templating/list")) {
                if (variable.required("type").asText().equals("query")) {
                    Matcher query =
                            LABEL_VALUES.matcher(variable.at("/query/query").asText());
                    if (!query.matches()) {
                        throw new AssertionError("not understood: " + variable);
                    }
                    String where = dashboard.required("uid").asText() + ": variable "
                            + variable.required("name").asText();
                    choices.add(new Choice(where, filledIn(query.group(1)), query.group(2)));
                }
            }
        }
        return choices;
    }

    private static String filledIn(String expression) {
        return expression
                .replace("$__rate_interval", "20s")
                .replace("$job", "ghostfd")
                .replaceAll("\\$(cluster|instance|namespace|workload)\\b", ".*");
    }
}
