/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.kernel.KernelException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code ghostfd} command. */
@Command(
        name = "ghostfd",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Finds file descriptors that outlived the child process they were made for.")
public final class Main {
    private static final int USAGE = 2;

    Main() {}

    public static void main(String[] arguments) {
        LeastPrivilege.of(arguments);
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        CommandLine line = CommandTree.of(arguments)
                .setParameterExceptionHandler(Main::usage)
                .setExecutionExceptionHandler(Main::failure);
        if (arguments.length == 0) {
            line.usage(System.err);
            return USAGE;
        }
        return line.execute(arguments);
    }

    /** Bad usage is one line that names what is wrong, not a page of help. */
    private static int usage(ParameterException wrong, String... arguments) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        String message = wrong instanceof UnmatchedArgumentException unmatched
                ? "unknown command or option: " + String.join(" ", unmatched.getUnmatched())
                : oneLine(wrong.getMessage());
        err.println(command.getCommandSpec().qualifiedName() + ": " + message + " (see "
                + command.getCommandSpec().qualifiedName() + " --help)");
        return USAGE;
    }

    private static int failure(Exception failed, CommandLine command, CommandLine.ParseResult parsed) {
        String message = switch (failed) {
            case KernelException kernel -> kernel.getMessage();
            case IOException io -> Optional.ofNullable(io.getMessage()).orElse(io.toString());
            default -> "unexpected failure, please report it: " + failed;
        };
        command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + oneLine(message));
        if (System.getenv("GHOSTFD_DEBUG") != null) {
            failed.printStackTrace(command.getErr());
        }
        return command.getCommandSpec().exitCodeOnExecutionException();
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " | ");
    }
}
