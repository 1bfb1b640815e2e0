/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import java.time.Duration;

/**
 * A count that rises steadily.
 *
 * @param perSecond how fast its floor rises, descriptors per second; always positive
 * @param since when the rise began, nanoseconds of the clock that the samples were taken with
 * @param risen by how much the count has risen since then
 * @param steadiness how seldom the floor fell back or stood still, 0 to 1: Kendall's rank correlation of floors and time
 */
public record Growth(double perSecond, long since, int risen, double steadiness) {
    private static final double SECONDS_AT_MOST = Duration.ofDays(36500).toSeconds();

    /**
     * When there is nothing left at this rate; a hundred years stand for any longer time.
     *
     * @param left how many descriptors the process may still open: its soft RLIMIT_NOFILE less what it has open
     */
    public Duration timeToOpen(long left) {
        double seconds = Math.max(left, 0) / perSecond;
        return Duration.ofMillis(Math.round(Math.min(seconds, SECONDS_AT_MOST) * 1000));
    }
}
