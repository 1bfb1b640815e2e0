/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd;

import java.lang.reflect.InvocationTargetException;

/**
 * The jar's entry. Compiled for Java 8, so that an old JVM gets as far as saying what it lacks instead of failing with
 * an {@link UnsupportedClassVersionError}. It must therefore name no other class of ghostfd.
 */
public final class Launcher {
    private static final int REQUIRED_FEATURE_VERSION = 22;

    private Launcher() {}

    /**
     * Starts {@code dev.ghostfd.cli.Main} with the same arguments, or exits with status 1 on a JVM that is too old.
     *
     * @param args the command line
     * @throws Throwable what Main throws, untouched
     */
    public static void main(String[] args) throws Throwable {
        if (featureVersion(System.getProperty("java.specification.version")) < REQUIRED_FEATURE_VERSION) {
            System.err.println("ghostfd: needs Java " + REQUIRED_FEATURE_VERSION + " or newer, this is "
                    + System.getProperty("java.version") + " (" + System.getProperty("java.home")
                    + "); set JAVA_HOME to a newer JDK");
            System.exit(1);
        }
        try {
            Class.forName("dev.ghostfd.cli.Main")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** "1.8" is 8, "22" is 22. */
    private static int featureVersion(String specification) {
        return Integer.parseInt(specification.startsWith("1.") ? specification.substring(2) : specification);
    }
}
