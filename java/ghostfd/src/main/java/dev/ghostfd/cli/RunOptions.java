/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What {@code run} reports, where, and what it makes of it. */
final class RunOptions {
    private static final int HIGHEST_EXIT_CODE = 255;

    /** How the report is written. */
    enum Format {
        TEXT,
        JSON,
        JUNIT,
        SARIF
    }

    /** What becomes of descriptors that a process has open when it exits. */
    enum AtExit {
        IGNORE,
        REPORT,
        FAIL
    }

    @Option(
            names = "--report",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, json, junit or sarif (default ${DEFAULT-VALUE}).")
    private Format format;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Where to write the report (default: stderr; stdout is the command's).")
    private Optional<Path> output;

    @Option(
            names = "--leak-exit-code",
            paramLabel = "N",
            defaultValue = "99",
            description = "Exit code when leaks were found; 0: always the command's own (default ${DEFAULT-VALUE}).")
    private int leakExitCode;

    @Option(
            names = "--at-exit",
            paramLabel = "WHAT",
            defaultValue = "ignore",
            description =
                    "Descriptors above 2 that a process opened and had open when it exited: ignore, report them, or"
                            + " fail because of them (default ${DEFAULT-VALUE}).")
    private AtExit atExit;

    @Option(names = "--baseline", paramLabel = "FILE", description = "Sites that are known and accepted, in JSON.")
    private Optional<Path> baseline;

    @Option(
            names = "--update-baseline",
            description = "Write everything found to the baseline, which accepts it from then on.")
    private boolean updateBaseline;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** A run is over soon: shorter times than the daemon's. */
    static final class Defaults implements IDefaultValueProvider {
        private static final Map<String, String> VALUES = Map.of("--grace", "1s", "--sweep-interval", "250ms");

        @Override
        public String defaultValue(ArgSpec argument) {
            return argument instanceof OptionSpec option ? VALUES.get(option.longestName()) : null;
        }
    }

    void check() {
        if (leakExitCode < 0 || leakExitCode > HIGHEST_EXIT_CODE) {
            throw new ParameterException(
                    command.commandLine(),
                    "Invalid value for option '--leak-exit-code': must be between 0 and 255, not " + leakExitCode);
        }
        if (updateBaseline && baseline.isEmpty()) {
            throw new ParameterException(command.commandLine(), "--update-baseline needs --baseline=FILE");
        }
    }

    Format format() {
        return format;
    }

    Optional<Path> output() {
        return output;
    }

    AtExit atExit() {
        return atExit;
    }

    Optional<Path> baseline() {
        return baseline;
    }

    boolean updateBaseline() {
        return updateBaseline;
    }

    /** What to exit with. */
    int exitCode(int commandExit, boolean leaks) {
        return leaks && leakExitCode != 0 ? leakExitCode : commandExit;
    }
}
