/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli.top;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;

/** The view on a terminal: one thread paints, others bring keys and answers. */
final class Live {
    private static final long LAST_WORDS_MILLIS = 1000;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final DaemonApi api;
    private final Painter painter;
    private final Screen screen;
    private Optional<Look> look = Optional.empty();
    private String failure = "";

    Live(DaemonApi api, Painter painter, Screen screen) {
        this.api = api;
        this.painter = painter;
        this.screen = screen;
    }

    /** Runs until the user quits; the terminal is then as it was before. */
    void run(Duration interval) throws IOException, InterruptedException {
        Thread painting = Thread.currentThread();
        Thread hook = Thread.ofPlatform().unstarted(() -> endAndWait(painting));
        try (Terminal terminal = open()) {
            terminal.handle(Terminal.Signal.WINCH, signal -> events.add(new Event.Resized()));
            terminal.handle(Terminal.Signal.CONT, signal -> events.add(new Event.Resized()));
            terminal.handle(Terminal.Signal.INT, signal -> events.add(new Event.Ended()));
            Runtime.getRuntime().addShutdownHook(hook);
            Attributes before = terminal.enterRawMode();
            try {
                enter(terminal);
                new Keyboard(terminal).start(events::add);
                Poller poller = new Poller(api, interval, screen.query(), events::add);
                poller.start();
                obey(terminal, poller);
            } finally {
                leave(terminal);
                terminal.setAttributes(before);
            }
        } finally {
            forget(hook);
        }
    }

    private static Terminal open() throws IOException {
        try {
            return TerminalBuilder.builder()
                    .system(true)
                    .provider("ffm")
                    .dumb(false)
                    .build();
        } catch (IllegalStateException unusable) {
            throw new IOException(
                    "cannot use this terminal (" + unusable.getMessage() + "); for a plain table: ghostfd top | cat",
                    unusable);
        }
    }

    private void obey(Terminal terminal, Poller poller) throws InterruptedException {
        Display display = new Display(terminal, true);
        boolean on = true;
        while (on) {
            paint(terminal, display);
            Event event = events.take();
            if (event instanceof Event.Resized) {
                terminal.enterRawMode();
                enter(terminal);
                display.clear();
            }
            on = take(event);
            poller.ask(screen.query());
        }
    }

    /** Whether to go on. */
    private boolean take(Event event) {
        return switch (event) {
            case Event.Answered answered -> {
                look = Optional.of(answered.look());
                failure = "";
                yield true;
            }
            case Event.Failed failed -> {
                failure = failed.why() + "; trying again";
                yield true;
            }
            case Event.Pressed pressed -> screen.press(pressed.key());
            case Event.Resized resized -> true;
            case Event.Ended ended -> false;
        };
    }

    private void paint(Terminal terminal, Display display) {
        Size size = terminal.getSize();
        /* A terminal that does not know its size says 0. */
        int lines = Math.max(1, size.getRows());
        int columns = Math.max(2, size.getColumns());
        display.resize(lines, columns);
        /* Not the last cell of the last line: writing it scrolls some terminals. */
        display.update(painter.paint(screen, look, failure, columns - 1, lines), 0);
    }

    private static void enter(Terminal terminal) {
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.keypad_xmit);
        terminal.puts(Capability.cursor_invisible);
        terminal.flush();
    }

    private static void leave(Terminal terminal) {
        terminal.puts(Capability.cursor_visible);
        terminal.puts(Capability.keypad_local);
        terminal.puts(Capability.exit_ca_mode);
        terminal.flush();
    }

    private void endAndWait(Thread painting) {
        events.add(new Event.Ended());
        try {
            painting.join(LAST_WORDS_MILLIS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endingAlready) {
            /* Then the hook is what ended us. */
        }
    }
}
