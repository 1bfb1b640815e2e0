/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli.top;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;

/** What is chosen on the screen, and what each key makes of it. Confined to one thread. */
final class Screen {
    /** Rows that are asked for while nothing is filtered: more than any terminal shows, less than a node has. */
    private static final int SHORT_LIST = 500;
    /** The most that the API gives. */
    private static final int WHOLE_LIST = 10_000;

    private View view;
    private View.Sort sort;
    private String filter;
    private boolean typing;
    private boolean help;
    private int first;
    private int visible = 1;
    private int matching;

    Screen(View view, View.Sort sort, String filter) {
        this.view = view;
        this.sort = sort;
        this.filter = filter;
    }

    /** Takes a key; false means that the user wants to leave. */
    boolean press(Key key) {
        if (typing) {
            edit(key);
            return true;
        }
        if (help) {
            help = false;
            return true;
        }
        switch (key.name()) {
            case UP -> scrollTo(first - 1);
            case DOWN -> scrollTo(first + 1);
            case PAGE_UP -> scrollTo(first - visible);
            case PAGE_DOWN -> scrollTo(first + visible);
            case HOME -> scrollTo(0);
            case END -> scrollTo(matching);
            case TAB -> show(view.other());
            case ESCAPE -> search("");
            case TEXT -> {
                return command(key.text());
            }
            case ENTER, BACKSPACE -> {
                /* Of use only while typing. */
            }
        }
        return true;
    }

    private boolean command(String text) {
        switch (text) {
            case "q", "Q" -> {
                return false;
            }
            case "?", "h" -> help = true;
            case "/" -> typing = true;
            case "j" -> scrollTo(first + 1);
            case "k" -> scrollTo(first - 1);
            case "p" -> show(View.PROCESSES);
            case "s" -> show(View.SITES);
            default ->
                view.sorts().stream()
                        .filter(candidate -> text.equals(String.valueOf(candidate.key())))
                        .forEach(this::sortBy);
        }
        return true;
    }

    private void edit(Key key) {
        switch (key.name()) {
            case ENTER -> typing = false;
            case ESCAPE -> {
                typing = false;
                search("");
            }
            case BACKSPACE ->
                search(filter.isEmpty() ? "" : filter.substring(0, filter.offsetByCodePoints(filter.length(), -1)));
            case TEXT -> search(filter + key.text());
            default -> {
                /* Moving within the word is not worth a line editor. */
            }
        }
    }

    private void search(String text) {
        filter = text;
        first = 0;
    }

    private void sortBy(View.Sort chosen) {
        sort = chosen;
        first = 0;
    }

    private void show(View chosen) {
        view = chosen;
        sort = chosen.sorts().get(0);
        first = 0;
    }

    private void scrollTo(int row) {
        first = Math.clamp(row, 0, Math.max(0, matching - visible));
    }

    /** The rows of a look that are to be painted in so many lines; remembers how many there were, for scrolling. */
    List<JsonNode> window(Look look, int lines) {
        List<JsonNode> rows = matching(look);
        matching = rows.size();
        visible = Math.max(1, lines);
        scrollTo(first);
        return rows.subList(first, Math.min(rows.size(), first + visible));
    }

    /** The rows that the filter lets through: those with its text in any column, in capitals or not. */
    List<JsonNode> matching(Look look) {
        String wanted = filter.toLowerCase(Locale.ROOT);
        return look.rows().stream()
                .filter(row -> view.columns().stream()
                        .anyMatch(column ->
                                column.text(row).toLowerCase(Locale.ROOT).contains(wanted)))
                .toList();
    }

    /** What to ask the daemon for. */
    Query query() {
        return new Query(view, sort, filter.isEmpty() ? SHORT_LIST : WHOLE_LIST);
    }

    /** One question to the daemon. */
    record Query(View view, View.Sort sort, int limit) {}

    View view() {
        return view;
    }

    View.Sort sort() {
        return sort;
    }

    String filter() {
        return filter;
    }

    boolean isTyping() {
        return typing;
    }

    boolean showsHelp() {
        return help;
    }

    /** The first row in the window, from 0. */
    int first() {
        return first;
    }

    /** How many rows the filter let through. */
    int matching() {
        return matching;
    }
}
