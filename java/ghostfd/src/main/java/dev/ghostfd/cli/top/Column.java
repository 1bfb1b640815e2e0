/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli.top;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Function;
import org.jline.utils.AttributedString;

/**
 * One column of a table.
 *
 * @param width in cells of the terminal
 * @param align where its text stands
 * @param cell the text for a row of the API
 */
record Column(String title, int width, Align align, Function<JsonNode, String> cell) {
    private static final String CUT = "…";

    /** Where the text of a column stands. */
    enum Align {
        LEFT,
        RIGHT,
        /** Left, and what is free at the end of the line goes to it; the width is the least that is of use. */
        STRETCH
    }

    /** What a row has in this column, safe to print: names of processes may hold whatever their makers like. */
    String text(JsonNode row) {
        return cell.apply(row)
                .codePoints()
                .map(character -> Character.isISOControl(character) || Character.getType(character) == Character.FORMAT
                        ? '?'
                        : character)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** The text cut or filled up to so many cells. */
    String fit(String text, int cells) {
        AttributedString styled = new AttributedString(text);
        int length = styled.columnLength();
        if (length > cells) {
            return fit(styled.columnSubSequence(0, cells - 1) + CUT, cells);
        }
        String blanks = " ".repeat(cells - length);
        return align == Align.RIGHT ? blanks + text : text + blanks;
    }
}
