/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A command's manual page in section 1, in man(7) macros, from what picocli knows of it. */
final class ManualPage {
    private static final String ENVIRONMENT = """
            .SH ENVIRONMENT
            .TP
            .B GHOSTFD_JAVA_OPTS
            More options for the JVM, split at blanks.
            .TP
            .B GHOSTFD_AOT
            .B off
            starts without the cache that shortens the start, and makes none.
            .TP
            .B GHOSTFD_LIBBPF\\fR, \\fPGHOSTFD_LIBDW
            Full paths of libbpf.so.1 and libdw.so.1.
            .TP
            .B GHOSTFD_DEBUG
            If set, a failure's stack trace follows its one line.
            .SH FILES
            .TP
            .I /etc/default/ghostfd
            Options of the daemon when systemd starts it.
            """;

    private final CommandSpec command;
    private final Help help;
    private final StringBuilder page = new StringBuilder();

    private ManualPage(CommandLine line) {
        command = line.getCommandSpec();
        help = new Help(command, Help.defaultColorScheme(Help.Ansi.OFF));
    }

    static String of(CommandLine line) {
        return new ManualPage(line).write();
    }

    private String write() {
        String name = command.qualifiedName("-");
        page.append(".\\\" Made from the command's own help; do not edit.\n");
        macro(".TH " + name.toUpperCase(Locale.ROOT) + " 1 \"\" \"ghostfd " + VersionProvider.version()
                + "\" \"User Commands\"");
        macro(".SH NAME");
        macro(name + " \\- " + escaped(firstSentence()));
        macro(".SH SYNOPSIS");
        synopsis();
        macro(".SH DESCRIPTION");
        for (String line : command.usageMessage().description()) {
            text(line);
        }
        parameters();
        options();
        commands();
        exitStatus();
        if (command.parent() == null) {
            page.append(ENVIRONMENT);
        }
        seeAlso();
        return page.toString();
    }

    private String firstSentence() {
        String all = String.join(" ", command.usageMessage().description());
        int end = all.indexOf(". ");
        String first = end < 0 ? all : all.substring(0, end);
        first = first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
        return first.substring(0, 1).toLowerCase(Locale.ROOT) + first.substring(1);
    }

    private void synopsis() {
        macro(".nh");
        macro(".ad l");
        macro(".B " + command.qualifiedName(" "));
        if (command.parent() == null) {
            macro(".I COMMAND");
        }
        macro("[\\fIOPTION\\fR]...");
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            macro(escaped(label(parameter)));
        }
        macro(".ad");
        macro(".hy");
    }

    private void parameters() {
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            macro(".TP");
            macro(".I \"" + escaped(label(parameter)) + "\"");
            describe(parameter);
        }
    }

    private void options() {
        macro(".SH OPTIONS");
        for (OptionSpec option : command.options()) {
            if (option.hidden()) {
                continue;
            }
            macro(".TP");
            String names = Stream.of(option.names())
                    .map(name -> "\\fB" + escaped(name) + "\\fR")
                    .collect(Collectors.joining(", "));
            String value = label(option);
            page.append(names)
                    .append(value.isEmpty() ? "" : "\\fI" + escaped(value) + "\\fR")
                    .append('\n');
            describe(option);
        }
    }

    private String label(ArgSpec argument) {
        return help.parameterLabelRenderer()
                .renderParameterLabel(argument, Help.Ansi.OFF, List.of())
                .toString();
    }

    private void describe(ArgSpec argument) {
        for (String line : argument.description()) {
            text(line);
        }
    }

    private void commands() {
        List<CommandLine> shown = command.subcommands().values().stream()
                .filter(line -> !line.getCommandSpec().usageMessage().hidden())
                .toList();
        if (shown.isEmpty()) {
            return;
        }
        macro(".SH COMMANDS");
        for (CommandLine line : shown) {
            macro(".TP");
            macro(".BR ghostfd\\-" + escaped(line.getCommandName()) + " (1)");
            text(String.join(" ", line.getCommandSpec().usageMessage().description()));
        }
    }

    private void exitStatus() {
        macro(".SH EXIT STATUS");
        text("0 is success, 1 a failure, which is one line on stderr, 2 bad usage.");
        if (command.name().equals("run")) {
            text(
                    "run ends as its command does: with its code, or 128 + N if signal N ended it; 99 where leaks were found;"
                            + " 125 if ghostfd itself failed, 126 and 127 if the command cannot be executed.");
        }
    }

    private void seeAlso() {
        macro(".SH SEE ALSO");
        String others = command.parent() == null ? "" : ".BR ghostfd (1),\n";
        page.append(others).append(".BR lsof (8),\n.BR proc (5)\n");
    }

    private void macro(String line) {
        page.append(line).append('\n');
    }

    private void text(String line) {
        String written = escaped(line);
        /* A line that begins so would be a request of troff's. */
        page.append(written.startsWith(".") || written.startsWith("'") ? "\\&" : "")
                .append(written)
                .append('\n');
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-");
    }
}
