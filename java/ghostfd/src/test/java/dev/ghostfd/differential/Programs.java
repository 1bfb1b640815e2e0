/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.differential;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The C programs of these tests, built below target. */
final class Programs {
    private static final Path FOLDER = Path.of(
                    System.getProperty("ghostfd.root", "../.."), "java", "ghostfd", "target", "differential")
            .toAbsolutePath()
            .normalize();
    private static final List<String> HEADERS = List.of("futex.h", "stage.h", "descriptors.h", "processes.h");

    private Programs() {}

    /** A folder below target, created. */
    static Path folder(String name) {
        try {
            return Files.createDirectories(FOLDER.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compiles a program of the test resources and returns where it is. */
    static Path compile(String name) {
        HEADERS.forEach(Programs::copy);
        Path source = copy(name + ".c");
        Path program = source.resolveSibling(name);
        try {
            Process gcc = new ProcessBuilder(
                            "gcc",
                            "-O1",
                            "-g",
                            "-Wall",
                            "-Wextra",
                            "-Werror",
                            "-o",
                            program.toString(),
                            source.toString(),
                            "-lpthread")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(gcc.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (gcc.waitFor() != 0) {
                throw new AssertionError(said);
            }
            return program;
        } catch (IOException e) {
            throw new UncheckedIOException("gcc", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Path copy(String name) {
        Path copy = folder("programs").resolve(name);
        try (var in = Programs.class.getResourceAsStream(name)) {
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
