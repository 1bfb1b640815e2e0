/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli.top;

/** Whatever the screen has to react to. */
sealed interface Event {
    /** The daemon answered. */
    record Answered(Look look) implements Event {}

    /** It did not; in one line. */
    record Failed(String why) implements Event {}

    /** A key was pressed. */
    record Pressed(Key key) implements Event {}

    /** The terminal has another size, or was given back to us. */
    record Resized() implements Event {}

    /** The terminal is gone, or somebody wants us to end. */
    record Ended() implements Event {}
}
