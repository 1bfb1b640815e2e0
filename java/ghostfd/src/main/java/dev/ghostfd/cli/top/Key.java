/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli.top;

/**
 * A key that was pressed.
 *
 * @param text what it writes, for {@link Name#TEXT}
 */
record Key(Name name, String text) {
    /** Keys that are known by name; all others write something. */
    enum Name {
        TEXT,
        UP,
        DOWN,
        PAGE_UP,
        PAGE_DOWN,
        HOME,
        END,
        TAB,
        ENTER,
        BACKSPACE,
        ESCAPE
    }
}
