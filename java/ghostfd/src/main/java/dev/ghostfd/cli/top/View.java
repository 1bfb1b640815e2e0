/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli.top;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ghostfd.cli.top.Column.Align;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The two tables: where their rows come from, their columns, and by what they can be sorted. */
enum View {
    PROCESSES(
            "/api/v1/processes",
            List.of(
                    new Sort("open", 'o', "open", "OPEN"),
                    new Sort("ratio", 'r', "ratio", "USED"),
                    new Sort("leaked", 'l', "leaked", "LEAKED"),
                    new Sort("growth", 'g', "growthPerMinute", "GROWTH/MIN")),
            List.of(
                    new Column("PID", 7, Align.RIGHT, Row.text("pid")),
                    new Column("COMM", 15, Align.LEFT, Row.text("comm")),
                    new Column("OPEN", 7, Align.RIGHT, Row.text("open")),
                    new Column("LIMIT", 8, Align.RIGHT, Row.text("softLimit")),
                    new Column("USED", 5, Align.RIGHT, Row.percent("ratio")),
                    new Column("LEAKED", 6, Align.RIGHT, Row.text("leaked")),
                    new Column("ZOMBIES", 7, Align.RIGHT, Row.text("unreapedChildren")),
                    new Column("GROWTH/MIN", 10, Align.RIGHT, Row.rate("growthPerMinute")),
                    new Column("LEFT", 6, Align.RIGHT, Row.time("exhaustionSeconds")),
                    new Column("MOST", 16, Align.LEFT, Row::mostFrequentKind),
                    new Column("CONTAINER", 12, Align.STRETCH, Row::container),
                    new Column("EXECUTABLE", 20, Align.STRETCH, Row.text("exe")))) {
        @Override
        Severity severity(JsonNode row) {
            if (Row.number(row, "ratio") >= NEAR_LIMIT
                    || row.path("exhaustionSeconds").asDouble(URGENT) < URGENT) {
                return Severity.URGENT;
            }
            boolean leaks = Row.number(row, "leaked") > 0 || Row.number(row, "unreapedChildren") > 0;
            return leaks ? Severity.NOTABLE : Severity.NONE;
        }
    },
    SITES(
            "/api/v1/sites",
            List.of(
                    new Sort("count", 'c', "count", "COUNT"),
                    new Sort("growth", 'g', "growthPerMinute", "GROWTH/MIN"),
                    new Sort("age", 'a', "oldestAgeSeconds", "OLDEST")),
            List.of(
                    new Column("COUNT", 7, Align.RIGHT, Row.text("count")),
                    new Column("RULE", 15, Align.LEFT, Row.text("rule")),
                    new Column("KIND", 9, Align.LEFT, Row.text("kind")),
                    new Column("CONFIDENCE", 10, Align.LEFT, Row.text("confidence")),
                    new Column("COMM", 15, Align.LEFT, Row.text("comm")),
                    new Column("GROWTH/MIN", 10, Align.RIGHT, Row.rate("growthPerMinute")),
                    new Column("OLDEST", 6, Align.RIGHT, Row.time("oldestAgeSeconds")),
                    new Column("CONTAINER", 12, Align.STRETCH, Row::container),
                    new Column("CALL SITE", 20, Align.STRETCH, Row::callSite))) {
        @Override
        Severity severity(JsonNode row) {
            return row.path("confidence").asText().equals("confirmed") ? Severity.URGENT : Severity.NOTABLE;
        }
    };

    private static final double NEAR_LIMIT = 0.9;
    private static final double URGENT = 600;

    /** How much a row wants to be seen. */
    enum Severity {
        NONE,
        NOTABLE,
        URGENT
    }

    /**
     * An order, greatest first.
     *
     * @param name in the API and in --sort
     * @param key that chooses it
     * @param field of the row
     * @param title of the column that shows it
     */
    record Sort(String name, char key, String field, String title) {
        Comparator<JsonNode> comparator() {
            return Comparator.comparingDouble((JsonNode row) -> Row.number(row, field))
                    .reversed();
        }
    }

    private final String path;

    /** Unmodifiable, which the types do not say. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Sort> sorts;

    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Column> columns;

    View(String path, List<Sort> sorts, List<Column> columns) {
        this.path = path;
        this.sorts = sorts;
        this.columns = columns;
    }

    abstract Severity severity(JsonNode row);

    /** What the API is asked for. Only processes are sorted there; of sites all come, most first. */
    String request(Sort sort, int limit) {
        return path + "?limit=" + limit + (this == PROCESSES ? "&sort=" + sort.name() : "");
    }

    /** The list's name in the answer. */
    String list() {
        return label();
    }

    String label() {
        return this == PROCESSES ? "processes" : "sites";
    }

    List<Column> columns() {
        return columns;
    }

    List<Sort> sorts() {
        return sorts;
    }

    Optional<Sort> sort(String name) {
        return sorts.stream().filter(sort -> sort.name().equals(name)).findFirst();
    }

    View other() {
        return this == PROCESSES ? SITES : PROCESSES;
    }
}
