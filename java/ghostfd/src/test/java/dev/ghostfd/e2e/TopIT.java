/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ghostfd.e2e.Workbench.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The terminal view of a daemon that watches one leaking program. */
@ExtendWith(GhostfdProcess.LogsOnFailure.class)
class TopIT {
    private static final int CHILDREN = 7;
    private static final String RED_OR_YELLOW = "\033\\[3[13]m";

    private static ScopeRoot program;
    private static GhostfdProcess daemon;
    private static String pid;

    @BeforeAll
    static void startsDaemonAndProgram() {
        program = new CorpusCase("c-zombies").waitingToRun(CHILDREN, 600);
        daemon = GhostfdProcess.daemon(program.scope());
        program.release();
        pid = Integer.toString(program.awaitReady(Duration.ofSeconds(20)));
        await().atMost(Duration.ofSeconds(20)).until(() -> daemon.api().leaks().size() >= CHILDREN);
    }

    @AfterAll
    static void endsBoth() {
        if (daemon != null) {
            daemon.close();
        }
        program.close();
    }

    private static List<String> top(String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("top", "--url=" + daemon.api().url()));
        arguments.addAll(List.of(options));
        return Workbench.ghostfd(arguments.toArray(String[]::new));
    }

    private static List<String> wrapped(List<String> command, String... wrapper) {
        List<String> all = new ArrayList<>(List.of(wrapper));
        all.addAll(command);
        return all;
    }

    @Test
    void followsKeysAndTheSizeOfTheTerminal() {
        try (TmuxWindow window = TmuxWindow.running(80, 24, top("--interval=500ms"))) {
            window.awaitLine(pid, " " + CHILDREN + " ");
            assertThat(window.isFullScreen()).isTrue();
            assertThat(window.lines()).hasSize(24).noneMatch(line -> line.contains("EXECUTABLE"));
            assertThat(window.lines().get(23)).contains("processes by open", "q quit");

            window.resize(200, 60);
            window.awaitLine("PID", "COMM", "EXECUTABLE");
            window.awaitLine(pid, "/case");
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(window.lines().get(59)).contains("q quit"));

            window.press("g");
            window.awaitLine("processes by growth");
            window.press("Tab");
            window.awaitLine(" " + CHILDREN + " ", "unreaped-child", "confirmed");
            window.press("/", "n", "o", "s", "u", "c", "h");
            window.awaitLine("filter: nosuch_");
            window.press("Enter");
            window.awaitLine("sites by count  none", "filter 'nosuch'");
            window.press("Escape");
            window.awaitLine("unreaped-child");
            window.press("?");
            window.awaitLine("q", "quit", "this help");
            window.press("x");
            window.awaitLine("unreaped-child");

            window.resize(80, 24);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(window.lines().get(23)).contains("q quit"));
            window.press("q");
            window.awaitLine("EXIT 0");
            assertThat(window.isFullScreen()).isFalse();
        }
    }

    @Test
    void saysThatTheDaemonDoesNotAnswerAndGoesOnWhenItDoes() {
        try (TmuxWindow window = TmuxWindow.running(120, 20, top("--interval=500ms"))) {
            window.awaitLine(pid);
            signal("STOP");
            try {
                window.awaitLine("no answer from", "trying again");
                assertThat(window.lines()).as("what was known").anyMatch(line -> line.contains(pid));
            } finally {
                signal("CONT");
            }
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(window.lines()).noneMatch(line -> line.contains("trying again")));
            window.press("C-c");
            window.awaitLine("EXIT 0");
        }
    }

    private static void signal(String name) {
        Outcome.of(List.of("kill", "-" + name, Long.toString(daemon.pid()))).mustSucceed();
    }

    @Test
    void givesTheTerminalBackWhenItIsTerminated() {
        try (TmuxWindow window = TmuxWindow.running(80, 24, wrapped(top(), "timeout", "--foreground", "10"))) {
            window.awaitLine(pid);
            window.awaitLine("EXIT 124");
            assertThat(window.isFullScreen()).isFalse();
        }
    }

    @Test
    void colorsLeaksUnlessToldNotTo() {
        try (TmuxWindow window = TmuxWindow.running(80, 24, top())) {
            window.awaitLine(pid);
            assertThat(window.colored()).containsPattern(RED_OR_YELLOW);
        }
        try (TmuxWindow window = TmuxWindow.running(80, 24, wrapped(top(), "env", "NO_COLOR=1"))) {
            window.awaitLine(pid);
            assertThat(window.colored()).doesNotContainPattern(RED_OR_YELLOW);
        }
    }

    @Test
    void printsOnePlainTableWithoutATerminal() {
        Outcome sites = Outcome.of(top("--view=sites"));
        assertThat(sites.exit()).as(sites.err()).isZero();
        assertThat(sites.out().lines().toList())
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).startsWith("  COUNT RULE"))
                .anySatisfy(line -> assertThat(line).contains(" " + CHILDREN + " ", "unreaped-child"));
        assertThat(sites.out() + sites.err()).doesNotContain("\033");

        Outcome colored = Outcome.of(top("--view=sites", "--color=always"), Map.of("NO_COLOR", "1"), 1);
        assertThat(colored.out()).containsPattern(RED_OR_YELLOW);
        Outcome filtered = Outcome.of(top("--filter=no such program"));
        assertThat(filtered.out().lines()).as("the titles alone").hasSize(1);
    }

    @Test
    void refusesInOneLineWhatItCannotShow() {
        Outcome nobody = Outcome.of(Workbench.ghostfd("top", "--url=http://127.0.0.1:" + GhostfdProcess.freePort()));
        assertThat(nobody.exit()).isEqualTo(1);
        assertThat(nobody.err().lines()).singleElement().asString().contains("no daemon answers", "--url");
        Outcome wrong = Outcome.of(Workbench.ghostfd("top", "--url=localhost"));
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err().lines()).singleElement().asString().contains("--url", "http://127.0.0.1:10024");
        Outcome other = Outcome.of(Workbench.ghostfd("top", "--view=sites", "--sort=open"));
        assertThat(other.exit()).isEqualTo(2);
        assertThat(other.err().lines()).singleElement().asString().contains("count, growth, age");
    }
}
