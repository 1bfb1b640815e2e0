/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli.top;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ghostfd.cli.terminal.ColorOption;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jline.utils.AttributedString;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ghostfd top}. */
@Command(
        name = "top",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Shows the processes and leak sites of a running daemon, live: Tab changes the view, / filters, ? lists the"
                    + " keys, q quits. Needs no privileges.",
            "Without a terminal it prints one table and exits."
        })
public final class TopCommand implements Callable<Integer> {
    /** More than a pipe's reader wants to cut, and all that the widest columns need. */
    private static final int PLAIN_WIDTH = 160;

    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(200);
    private static final Duration LONGEST_INTERVAL = Duration.ofHours(1);

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:10024",
            description = "The daemon (default ${DEFAULT-VALUE}).")
    private String url;

    @Option(
            names = "--view",
            paramLabel = "VIEW",
            defaultValue = "processes",
            description = "What to show first: processes or sites (default ${DEFAULT-VALUE}).")
    private View view;

    @Option(
            names = "--sort",
            paramLabel = "ORDER",
            defaultValue = "",
            description = "processes: open, ratio, leaked, growth; sites: count, growth, age (default: the first).")
    private String sort;

    @Option(
            names = "--filter",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Only rows with this text in any column.")
    private String filter;

    @Option(
            names = "--interval",
            paramLabel = "DURATION",
            defaultValue = "2s",
            description = "How often to ask the daemon (default ${DEFAULT-VALUE}).")
    private Duration interval;

    @Mixin
    private ColorOption color;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (interval.compareTo(SHORTEST_INTERVAL) < 0 || interval.compareTo(LONGEST_INTERVAL) > 0) {
            throw bad("--interval", "must be between 200ms and 1h");
        }
        DaemonApi api = api();
        Screen screen = new Screen(view, order(), filter);
        boolean terminal = isTerminal();
        Painter painter = new Painter(color.wanted(terminal), api.url());
        if (terminal) {
            new Live(api, painter, screen).run(interval);
        } else {
            printOnce(api, painter, screen);
        }
        return 0;
    }

    private DaemonApi api() {
        try {
            return new DaemonApi(url);
        } catch (IllegalArgumentException wrong) {
            throw bad("--url", wrong.getMessage());
        }
    }

    private View.Sort order() {
        if (sort.isEmpty()) {
            return view.sorts().get(0);
        }
        return view.sort(sort)
                .orElseThrow(() -> bad(
                        "--sort",
                        "must be one of "
                                + view.sorts().stream().map(View.Sort::name).collect(Collectors.joining(", "))
                                + " for " + view.label()));
    }

    /** Where keys can be read and a screen be painted. */
    private static boolean isTerminal() {
        /* Null again from JDK 25 on, where 22 to 24 had a console that is no terminal. */
        boolean console = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .isPresent();
        return console && !System.getenv().getOrDefault("TERM", "dumb").equals("dumb");
    }

    private void printOnce(DaemonApi api, Painter painter, Screen screen) throws IOException, InterruptedException {
        Screen.Query query = screen.query();
        Look look = api.look(query.view(), query.sort(), query.limit());
        Table table = new Table(view, PLAIN_WIDTH);
        PrintWriter out = command.commandLine().getOut();
        out.println(table.titles().stripTrailing());
        List<JsonNode> rows = screen.matching(look);
        for (JsonNode row : rows) {
            AttributedString line =
                    new AttributedString(table.line(row).stripTrailing(), painter.style(view.severity(row)));
            out.println(line.toAnsi());
        }
        if (look.rows().size() < look.total()) {
            out.println("... " + (look.total() - look.rows().size()) + " more; sort or filter to see others");
        }
        out.flush();
    }

    private ParameterException bad(String option, String why) {
        return new ParameterException(command.commandLine(), "Invalid value for option '" + option + "': " + why);
    }
}
