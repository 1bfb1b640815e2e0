/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ghostfd.e2e.Workbench.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A command in a terminal of its own, a tmux server that nobody else uses. Closing it ends both. */
final class TmuxWindow implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AtomicInteger STARTED = new AtomicInteger();

    private final String socket = "ghostfd-" + ProcessHandle.current().pid() + "-" + STARTED.incrementAndGet();

    private TmuxWindow() {}

    /** Runs the command at so many columns and lines; its exit code is shown as `EXIT n` when it has ended. */
    static TmuxWindow running(int columns, int lines, List<String> command) {
        Workbench.need("tmux");
        TmuxWindow window = new TmuxWindow();
        String quoted = command.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        window.tmux(
                "new-session",
                "-d",
                "-x",
                Integer.toString(columns),
                "-y",
                Integer.toString(lines),
                quoted + "; echo EXIT $?; exec sleep 600");
        window.endWithTheTests();
        return window;
    }

    /** The server is nobody's child: it would outlive tests that are interrupted. */
    private void endWithTheTests() {
        long server = Long.parseLong(tmux("display-message", "-p", "#{pid}").strip());
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> ProcessHandle.of(server)
                        .filter(handle -> handle.info().command().orElse("").endsWith("tmux"))
                        .ifPresent(ProcessHandle::destroy)));
    }

    void press(String... keys) {
        List<String> arguments = new ArrayList<>(List.of("send-keys"));
        arguments.addAll(List.of(keys));
        tmux(arguments.toArray(String[]::new));
    }

    void resize(int columns, int lines) {
        tmux("resize-window", "-x", Integer.toString(columns), "-y", Integer.toString(lines));
    }

    /** The text on the screen, line by line, without trailing blanks. */
    List<String> lines() {
        return tmux("capture-pane", "-p").lines().map(String::stripTrailing).toList();
    }

    /** The same with escape sequences for colours. */
    String colored() {
        return tmux("capture-pane", "-p", "-e");
    }

    /** Whether a full-screen program has the terminal. */
    boolean isFullScreen() {
        return tmux("display-message", "-p", "#{alternate_on}").strip().equals("1");
    }

    /** Waits until a line has all these words. */
    void awaitLine(String... words) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .untilAsserted(() ->
                        assertThat(lines()).anySatisfy(line -> assertThat(line).contains(words)));
    }

    private String tmux(String... arguments) {
        List<String> command = new ArrayList<>(List.of("tmux", "-L", socket, "-f", "/dev/null"));
        command.addAll(List.of(arguments));
        Outcome outcome = Outcome.of(command);
        outcome.mustSucceed();
        return outcome.out();
    }

    @Override
    public void close() {
        tmux("kill-server");
    }
}
