/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli.terminal;

import picocli.CommandLine.Option;

/** {@code --color}, with the environment's NO_COLOR (no-color.org) under it. */
public final class ColorOption {
    /** When to colour. */
    enum When {
        AUTO,
        ALWAYS,
        NEVER
    }

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description = "auto, always or never (default ${DEFAULT-VALUE}); auto is never where NO_COLOR is set.")
    private When when;

    /** Whether to colour what goes to stdout, given whether that is a terminal. */
    public boolean wanted(boolean terminal) {
        return switch (when) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO -> terminal && isUnset("NO_COLOR");
        };
    }

    private static boolean isUnset(String variable) {
        return System.getenv().getOrDefault(variable, "").isEmpty();
    }
}
