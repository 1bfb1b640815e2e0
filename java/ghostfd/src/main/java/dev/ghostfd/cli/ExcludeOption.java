/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.leak.CommFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --exclude-comm}. */
final class ExcludeOption {
    @Option(
            names = "--exclude-comm",
            paramLabel = "REGEX",
            description = "Leave processes out of findings, metrics and lists whose whole name matches; repeatable.")
    private List<String> patterns = new ArrayList<>();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    CommFilter filter() {
        return new CommFilter(patterns.stream().map(this::compile).toList());
    }

    private Pattern compile(String pattern) {
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException wrong) {
            throw new ParameterException(
                    command.commandLine(),
                    "Invalid value for option '--exclude-comm': '" + pattern + "' is not a regular expression: "
                            + wrong.getDescription());
        }
    }
}
