/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli.top;

import static org.jline.keymap.KeyMap.key;

import java.io.IOError;
import java.util.function.Consumer;
import org.jline.keymap.BindingReader;
import org.jline.keymap.KeyMap;
import org.jline.reader.EndOfFileException;
import org.jline.terminal.Terminal;
import org.jline.utils.InfoCmp.Capability;

/** Reads the terminal's keys on a thread of its own. */
final class Keyboard {
    private final BindingReader reader;
    private final KeyMap<Key.Name> keys = new KeyMap<>();

    Keyboard(Terminal terminal) {
        reader = new BindingReader(terminal.reader());
        keys.setUnicode(Key.Name.TEXT);
        keys.setNomatch(Key.Name.TEXT);
        for (char character = ' '; character <= '~'; character++) {
            keys.bind(Key.Name.TEXT, String.valueOf(character));
        }
        bind(terminal, Key.Name.UP, Capability.key_up, "\033[A");
        bind(terminal, Key.Name.DOWN, Capability.key_down, "\033[B");
        bind(terminal, Key.Name.PAGE_UP, Capability.key_ppage, "\033[5~");
        bind(terminal, Key.Name.PAGE_DOWN, Capability.key_npage, "\033[6~");
        bind(terminal, Key.Name.HOME, Capability.key_home, "\033[H");
        bind(terminal, Key.Name.END, Capability.key_end, "\033[F");
        bind(terminal, Key.Name.BACKSPACE, Capability.key_backspace, "\177");
        keys.bind(Key.Name.BACKSPACE, "\b");
        keys.bind(Key.Name.TAB, "\t");
        keys.bind(Key.Name.ENTER, "\r", "\n");
        keys.bind(Key.Name.ESCAPE, "\033");
    }

    /** What the terminal's description says, and what nearly all terminals send whatever that says. */
    private void bind(Terminal terminal, Key.Name name, Capability capability, String usual) {
        keys.bind(name, usual);
        String described = key(terminal, capability);
        if (described != null) {
            keys.bind(name, described);
        }
    }

    void start(Consumer<Event> events) {
        Thread.ofPlatform().daemon().name("ghostfd-keyboard").start(() -> run(events));
    }

    private void run(Consumer<Event> events) {
        try {
            for (Key.Name name = reader.readBinding(keys); name != null; name = reader.readBinding(keys)) {
                String text = reader.getLastBinding();
                /* A sequence that is not known is not text. */
                if (name != Key.Name.TEXT || text.codePoints().noneMatch(Character::isISOControl)) {
                    events.accept(new Event.Pressed(new Key(name, text)));
                }
            }
        } catch (IOError | EndOfFileException gone) {
            /* Hung up, or closed by us: the end either way. */
        } finally {
            events.accept(new Event.Ended());
        }
    }
}
