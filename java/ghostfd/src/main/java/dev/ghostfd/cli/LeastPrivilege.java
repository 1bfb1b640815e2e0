/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.kernel.Privileges;
import java.util.stream.Stream;

/**
 * Gives up what a command does not need. Before options are parsed and logging is set up: the JVM that takes over does all
 * of that again.
 */
final class LeastPrivilege {
    private static final int FIRST_FREE_PORT = 1024;
    private static final int LONGEST_LOW_PORT = 4;

    private LeastPrivilege() {}

    /** Does not return where this program is started again. */
    static void of(String... arguments) {
        if (arguments.length == 0 || !arguments[0].equals("daemon")) {
            return;
        }
        Privileges.reduce(Stream.of(arguments).anyMatch(LeastPrivilege::mayNameLowPort))
                .ifPresent(why -> System.err.println("ghostfd daemon: going on with all privileges: " + why));
    }

    /** An address, or a file that may have one. */
    private static boolean mayNameLowPort(String argument) {
        String port = argument.substring(argument.lastIndexOf(':') + 1);
        boolean number = argument.contains(":")
                && !port.isEmpty()
                && port.length() <= LONGEST_LOW_PORT
                && port.chars().allMatch(Character::isDigit);
        return argument.startsWith("--config.file")
                || number && Integer.parseInt(port) > 0 && Integer.parseInt(port) < FIRST_FREE_PORT;
    }
}
