/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli.top;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ghostfd.cli.top.Column.Align;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A view's columns laid out for a line of so many cells: those that do not fit are left out, from the right. */
final class Table {
    private record Placed(Column column, int cells) {}

    private final List<Placed> placed = new ArrayList<>();

    Table(View view, int width) {
        List<Column> shown = new ArrayList<>();
        int used = 0;
        for (Column column : view.columns()) {
            int with = used + column.width() + (shown.isEmpty() ? 0 : 1);
            if (with > width) {
                break;
            }
            shown.add(column);
            used = with;
        }
        int free = width - used;
        long stretching =
                shown.stream().filter(column -> column.align() == Align.STRETCH).count();
        for (Column column : shown) {
            int more = 0;
            if (column.align() == Align.STRETCH) {
                more = (int) (free / stretching);
                free -= more;
                stretching--;
            }
            placed.add(new Placed(column, column.width() + more));
        }
    }

    String titles() {
        return line(Column::title);
    }

    String line(JsonNode row) {
        return line(column -> column.text(row));
    }

    private String line(Function<Column, String> text) {
        StringBuilder line = new StringBuilder();
        for (Placed at : placed) {
            line.append(line.isEmpty() ? "" : " ").append(at.column().fit(text.apply(at.column()), at.cells()));
        }
        return line.toString();
    }
}
