/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli.top;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * Turns what was said and chosen into lines.
 *
 * @param color whether rows are coloured; bold and inverse remain without
 * @param url of the daemon
 */
record Painter(boolean color, String url) {
    private static final int LINES_AROUND_ROWS = 4;
    private static final String HELP = """
        q             quit                    ?, h    this help, any key leaves it
        Tab, p, s     the other view, processes, sites
        processes     sort by  o open   r ratio to the limit   l leaked   g growth
        sites         sort by  c count  g growth   a age of the oldest
        /             filter: text in any column; Enter keeps it, Esc drops it
        Up, Down, j, k, PgUp, PgDn, Home, End   scroll

        LEFT          time until the soft limit is reached at the present growth
        ZOMBIES       exited children that the process has not waited for
        red           near its limit, or a confirmed leak; yellow: leaks, or suspected
        First aid for a process at its limit: ghostfd relieve --pid=PID""";

    /** A whole screen: exactly so many lines, none longer than so many cells. */
    List<AttributedString> paint(Screen screen, Optional<Look> look, String failure, int columns, int lines) {
        List<AttributedString> painted = new ArrayList<>();
        painted.add(cut(headline(look), AttributedStyle.BOLD, columns));
        painted.add(stateLine(look, failure, columns));
        if (screen.showsHelp()) {
            HELP.lines().forEach(line -> painted.add(cut(line, AttributedStyle.DEFAULT, columns)));
        } else if (look.isPresent() && look.get().view() == screen.view()) {
            Table table = new Table(screen.view(), columns);
            painted.add(cut(table.titles(), AttributedStyle.INVERSE, columns));
            for (JsonNode row : screen.window(look.get(), lines - LINES_AROUND_ROWS)) {
                painted.add(cut(table.line(row), style(screen.view().severity(row)), columns));
            }
        }
        while (painted.size() < lines - 1) {
            painted.add(AttributedString.EMPTY);
        }
        List<AttributedString> all = new ArrayList<>(painted.subList(0, Math.max(0, lines - 1)));
        all.add(cut(footer(screen, look), AttributedStyle.INVERSE, columns));
        return all;
    }

    private String headline(Optional<Look> look) {
        return look.map(said -> "ghostfd top  %s  %d leaks  %d events lost".formatted(url, said.leaks(), said.lost()))
                .orElse("ghostfd top  " + url);
    }

    private AttributedString stateLine(Optional<Look> look, String failure, int columns) {
        if (!failure.isEmpty()) {
            return cut(failure, colored(AttributedStyle.RED), columns);
        }
        String notReady = look.map(Look::notReady).orElse("asking ...");
        return cut(
                notReady.isEmpty() ? "" : "not all can be relied on: " + notReady,
                colored(AttributedStyle.YELLOW),
                columns);
    }

    private static String footer(Screen screen, Optional<Look> look) {
        if (screen.isTyping()) {
            return " filter: " + screen.filter() + "_   Enter keeps it, Esc drops it";
        }
        String filter = screen.filter().isEmpty() ? "" : "  filter '" + screen.filter() + "'";
        String rows = look.filter(said -> said.view() == screen.view())
                .map(said -> rows(screen, said))
                .orElse("");
        return " %s by %s%s%s   Tab view  / filter  ? help  q quit"
                .formatted(screen.view().label(), screen.sort().name(), rows, filter);
    }

    private static String rows(Screen screen, Look look) {
        String cut = look.rows().size() < look.total() ? " (of " + look.total() + ")" : "";
        return screen.matching() == 0
                ? "  none"
                : "  from %d of %d%s".formatted(screen.first() + 1, screen.matching(), cut);
    }

    AttributedStyle style(View.Severity severity) {
        return switch (severity) {
            case URGENT -> colored(AttributedStyle.RED);
            case NOTABLE -> colored(AttributedStyle.YELLOW);
            case NONE -> AttributedStyle.DEFAULT;
        };
    }

    private AttributedStyle colored(int foreground) {
        return color ? AttributedStyle.DEFAULT.foreground(foreground) : AttributedStyle.DEFAULT;
    }

    private static AttributedString cut(String text, AttributedStyle style, int columns) {
        AttributedStringBuilder line = new AttributedStringBuilder().styled(style, text);
        if (style.equals(AttributedStyle.INVERSE)) {
            line.styled(style, " ".repeat(Math.max(0, columns - line.columnLength())));
        }
        return line.toAttributedString().columnSubSequence(0, columns);
    }
}
