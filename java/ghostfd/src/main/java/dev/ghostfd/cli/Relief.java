/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.cli.terminal.RoughTime;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/**
 * What raising a soft limit has gained.
 *
 * @param open descriptors open just before
 * @param before the soft limit until then
 * @param after the soft limit now, above the former
 */
record Relief(int open, long before, long after) {
    /** Numbers from here on do not fit into an fd_set, select(2). */
    private static final long FD_SETSIZE = 1024;

    void writeLimits(PrintWriter out) {
        out.printf(Locale.ROOT, "open         %d, %.0f %% of the limit%n", open, 100.0 * open / Math.max(1, before));
        out.printf(
                "soft limit   %s before, %s after (the hard limit)%n",
                Long.toUnsignedString(before), Long.toUnsignedString(after));
        if (before <= FD_SETSIZE && Long.compareUnsigned(after, FD_SETSIZE) > 0) {
            out.println(
                    "careful      a program that uses select(2) breaks with descriptors above 1023; see: man 2 select");
        }
    }

    /**
     * The time gained, from how the count has changed since.
     *
     * @param growth descriptors more than {@link #open}
     * @param watched over how long
     */
    void writeGain(PrintWriter out, int growth, Duration watched) {
        double seconds = watched.toMillis() / 1000.0;
        if (growth <= 0) {
            out.printf(
                    Locale.ROOT,
                    "time gained  cannot be told: no growth in %.1f s; a slow leak needs a longer --watch%n",
                    seconds);
            return;
        }
        double perSecond = growth / seconds;
        double gained = (after - before) / perSecond;
        double left = Math.max(0, after - open - growth) / perSecond;
        out.printf(Locale.ROOT, "growth       %d in %.1f s, %.0f a minute%n", growth, seconds, perSecond * 60);
        out.printf(
                "time gained  about %s; the new limit is reached in about %s at this rate%n",
                RoughTime.of(gained), RoughTime.of(left));
    }
}
