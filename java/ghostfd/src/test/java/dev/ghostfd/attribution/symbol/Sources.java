/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The programs of these tests, built in a folder of their own, and where their lines are. */
public record Sources(Path folder) {
    Path c(String... options) {
        List<String> command = new ArrayList<>(List.of("gcc", "-Wall", "-Wextra"));
        command.addAll(List.of(options));
        return build(command, "callers.c", "-o");
    }

    Path go(String... options) {
        List<String> command = new ArrayList<>(List.of("go", "build"));
        command.addAll(List.of(options));
        return build(command, "callers.go", "-o");
    }

    Path rust(String... options) {
        List<String> command = new ArrayList<>(List.of("rustc", "--edition=2021"));
        command.addAll(List.of(options));
        return build(command, "callers.rs", "-o");
    }

    private Path build(List<String> command, String source, String output) {
        need(command.getFirst());
        Path program = folder.resolve(source.substring(0, source.indexOf('.')));
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(output, program.toString(), copy(source).toString()));
        run(all);
        return program;
    }

    private Path copy(String name) {
        try (var in = Sources.class.getResourceAsStream(name)) {
            Path copy = folder.resolve(name);
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a tool, which must succeed. */
    public void run(List<String> command) {
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
            builder.environment().put("GO111MODULE", "off");
            Process tool = builder.start();
            String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (tool.waitFor() != 0) {
                throw new AssertionError(command + ": " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The number of the line that is marked so. */
    int line(String source, String mark) {
        try {
            List<String> lines = Files.readAllLines(folder.resolve(source));
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).matches(".*// line: " + mark + "|.*/\\* line: " + mark + " \\*/")) {
                    return i + 1;
                }
            }
            throw new AssertionError("no line " + mark + " in " + source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Skips the test where a tool is not installed; in CI that is a failure. */
    public static void need(String tool) {
        boolean installed = Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
        skipUnless(installed, tool + " is not installed");
    }

    static void skipUnless(boolean possible, String reason) {
        if (!possible && Boolean.parseBoolean(System.getenv("CI"))) {
            throw new AssertionError("skipped in CI: " + reason);
        }
        Assumptions.assumeTrue(possible, reason);
    }
}
