/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.e2e.Workbench.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Manual pages that man renders without a complaint, and completion in real shells at a terminal. */
class ShellSupportIT {
    private static Path pages;

    @BeforeAll
    static void generate() {
        pages = Workbench.folder("pages");
        Outcome.of(Workbench.ghostfd("generate", pages.toString())).mustSucceed();
    }

    @Test
    void manRendersEveryPageWithoutWarnings() throws IOException {
        try (Stream<Path> files = Files.list(pages)) {
            List<Path> manual =
                    files.filter(file -> file.toString().endsWith(".1")).toList();
            assertThat(manual).hasSizeGreaterThan(8).allSatisfy(page -> {
                Outcome outcome = Outcome.of(List.of(
                        "env", "MANROFFOPT=-ww", "LC_ALL=C.UTF-8", "MANWIDTH=90", "man", "-l", page.toString()));
                outcome.mustSucceed();
                assertThat(outcome.err()).isEmpty();
                assertThat(outcome.out()).contains("NAME", "SYNOPSIS", "OPTIONS", "--help", "EXIT STATUS");
            });
        }
    }

    @Test
    void theDaemonsPageHasEveryOptionOfItsHelp() {
        String help = Outcome.of(Workbench.ghostfd("daemon", "--help")).out();
        String page = Outcome.of(List.of(
                        "env",
                        "LC_ALL=C.UTF-8",
                        "MANWIDTH=200",
                        "man",
                        "-l",
                        pages.resolve("ghostfd-daemon.1").toString()))
                .out();

        List<String> options = Stream.of(help.split("\\s+"))
                .filter(word -> word.startsWith("--"))
                .map(word -> word.replaceAll("[=,\\[].*", ""))
                .filter(word -> word.matches("--[a-z.-]+"))
                .distinct()
                .toList();
        assertThat(options)
                .hasSizeGreaterThan(15)
                .allSatisfy(option -> assertThat(page).contains(option));
    }

    @ParameterizedTest
    @CsvSource({"bash", "zsh"})
    void completesCommandsOptionsAndValues(String shell) {
        Workbench.need(shell);
        try (TmuxWindow window = TmuxWindow.running(120, 30, interactive(shell))) {
            /* The shell shows its prompt when it reads, and what is typed before may be lost. */
            window.press("echo rea''dy", "Enter");
            window.awaitLine("ready");
            load(shell).forEach(line -> window.press(line, "Enter"));
            window.press("echo loa''ded", "Enter");
            window.awaitLine("loaded");

            window.press("ghostfd daem", "Tab");
            window.awaitLine("ghostfd daemon");
            window.press("-l", "--", "--growth");
            window.press("Tab");
            window.awaitLine("ghostfd daemon --growth-window");
            window.press("C-u");
            window.press("ghostfd daemon --log.level ", "Tab", "Tab");
            window.awaitLine("DEBUG", "ERROR", "INFO", "WARN");
        }
    }

    private static List<String> interactive(String shell) {
        List<String> command = List.of("env", "-i", "HOME=/nonexistent", "TERM=screen", "PATH=/usr/bin:/bin");
        List<String> start = shell.equals("zsh") ? List.of("zsh", "-f", "-i") : List.of("bash", "--norc", "-i");
        return Stream.concat(command.stream(), start.stream()).toList();
    }

    private static List<String> load(String shell) {
        return shell.equals("zsh")
                ? List.of("fpath=(" + pages + " $fpath)", "autoload -U compinit", "compinit -D -u")
                : List.of("source " + pages + "/ghostfd.bash");
    }
}
