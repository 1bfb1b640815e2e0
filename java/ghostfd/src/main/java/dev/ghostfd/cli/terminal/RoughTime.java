/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli.terminal;

import java.util.Locale;

/** Spans of time in one number and one unit, for people. */
public final class RoughTime {
    private static final double MINUTE = 60;
    private static final double HOUR = 60 * MINUTE;
    private static final double DAY = 24 * HOUR;
    private static final double YEAR = 365 * DAY;
    /** Twice a unit is the least that is told in it: 90 minutes say more than 2 hours. */
    private static final int TWICE = 2;

    private RoughTime() {}

    /** Such as {@code 45s}, {@code 12min}, {@code 30h}, {@code 4d}, {@code >10y}. */
    public static String of(double seconds) {
        if (seconds < TWICE * MINUTE) {
            return in(seconds, 1, "s");
        }
        if (seconds < TWICE * HOUR) {
            return in(seconds, MINUTE, "min");
        }
        if (seconds < TWICE * DAY) {
            return in(seconds, HOUR, "h");
        }
        if (seconds < TWICE * YEAR) {
            return in(seconds, DAY, "d");
        }
        return seconds < 10 * YEAR ? in(seconds, YEAR, "y") : ">10y";
    }

    private static String in(double seconds, double unit, String name) {
        return String.format(Locale.ROOT, "%.0f%s", seconds / unit, name);
    }
}
