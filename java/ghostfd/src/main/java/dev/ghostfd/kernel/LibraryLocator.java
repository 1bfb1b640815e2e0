/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds libbpf and libdw where distributions put them. */
public final class LibraryLocator {
    /** Overrides the search: the full path of libbpf.so.1. */
    public static final String OVERRIDE = "GHOSTFD_LIBBPF";

    /** Overrides the search: the full path of libdw.so.1. */
    public static final String DEBUG_INFO_OVERRIDE = "GHOSTFD_LIBDW";

    private static final String LIBBPF = "libbpf.so.1";
    private static final String LIBDW = "libdw.so.1";

    private static final List<String> FOLDERS = List.of(
            "/usr/lib/" + multiarch(),
            "/lib/" + multiarch(),
            "/usr/lib64",
            "/lib64",
            "/usr/lib",
            "/lib",
            "/usr/local/lib");

    private LibraryLocator() {}

    private static String multiarch() {
        return System.getProperty("os.arch").equals("aarch64") ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
    }

    /** The path of libbpf, if it is installed. */
    public static Optional<Path> libbpf() {
        return locate(OVERRIDE, LIBBPF);
    }

    /** What to say when {@link #libbpf} finds none. */
    static String absent() {
        return absent(OVERRIDE, LIBBPF);
    }

    /** The path of libdw, if it is installed. */
    static Optional<Path> libdw() {
        return locate(DEBUG_INFO_OVERRIDE, LIBDW);
    }

    /** What to say when {@link #libdw} finds none. */
    static String libdwAbsent() {
        return absent(DEBUG_INFO_OVERRIDE, LIBDW);
    }

    /** A library by the name its users link to, where the variable says or else where distributions put libraries. */
    private static Optional<Path> locate(String variable, String soname) {
        String override = System.getenv(variable);
        if (override != null) {
            return Optional.of(Path.of(override)).filter(Files::exists);
        }
        return FOLDERS.stream()
                .map(folder -> Path.of(folder, soname))
                .filter(Files::exists)
                .findFirst();
    }

    private static String absent(String variable, String soname) {
        String override = System.getenv(variable);
        return override == null ? "no " + soname : "no " + override + " (from " + variable + ")";
    }
}
