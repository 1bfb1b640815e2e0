/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.cli.top.TopCommand;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

/**
 * The commands and how their words are read. Where a command line begins with the name of one, only that one is made:
 * reading the options of all of them by reflection takes longer than everything else before tracing.
 */
final class CommandTree {
    private record Entry(String name, Supplier<Object> command) {}

    /** In the order of the help text. */
    private static final List<Entry> ENTRIES = List.of(
            new Entry("daemon", DaemonCommand::new),
            new Entry("scan", ScanCommand::new),
            new Entry("run", RunCommand::new),
            new Entry("record", RecordCommand::new),
            new Entry("replay", ReplayCommand::new),
            new Entry("relieve", RelieveCommand::new),
            new Entry("top", TopCommand::new),
            new Entry("doctor", DoctorCommand::new),
            new Entry("help", HelpCommand::new),
            new Entry("warm-up", WarmUpCommand::new),
            new Entry("generate", GenerateCommand::new));

    private CommandTree() {}

    /** With all commands. */
    static CommandLine whole() {
        return of(ENTRIES);
    }

    /** With what these arguments need. */
    static CommandLine of(String... arguments) {
        List<Entry> named = arguments.length == 0 || arguments[0].equals("help")
                ? List.of()
                : ENTRIES.stream()
                        .filter(entry -> entry.name().equals(arguments[0]))
                        .toList();
        return of(named.isEmpty() ? ENTRIES : named);
    }

    private static CommandLine of(Collection<Entry> entries) {
        CommandLine line = new CommandLine(new Main());
        entries.forEach(
                entry -> line.addSubcommand(entry.name(), entry.command().get()));
        line.registerConverter(Duration.class, new DurationConverter())
                .registerConverter(ByteSize.class, new ByteSize.Converter())
                .setCaseInsensitiveEnumValuesAllowed(true)
                /* An argument that starts with @ is an argument, of `run` above all. */
                .setExpandAtFiles(false);
        /* What follows the command's name is the command's, dashes or not. */
        CommandLine run = line.getSubcommands().get("run");
        if (run != null) {
            run.setStopAtPositional(true);
        }
        return line;
    }
}
