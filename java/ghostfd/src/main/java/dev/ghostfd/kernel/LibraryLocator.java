/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds libbpf where distributions put it. */
public final class LibraryLocator {
    /** Overrides the search: the full path of libbpf.so.1. */
    public static final String OVERRIDE = "GHOSTFD_LIBBPF";

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

    /** The library's path, if it is installed. */
    public static Optional<Path> libbpf() {
        String override = System.getenv(OVERRIDE);
        if (override != null) {
            return Optional.of(Path.of(override)).filter(Files::exists);
        }
        return find("libbpf.so.1");
    }

    /** What to say when {@link #libbpf} finds none. */
    static String absent() {
        String override = System.getenv(OVERRIDE);
        return override == null ? "no libbpf.so.1" : "no " + override + " (from " + OVERRIDE + ")";
    }

    /** A library by the name its users link to, where distributions put libraries. */
    static Optional<Path> find(String soname) {
        return FOLDERS.stream()
                .map(folder -> Path.of(folder, soname))
                .filter(Files::exists)
                .findFirst();
    }
}
