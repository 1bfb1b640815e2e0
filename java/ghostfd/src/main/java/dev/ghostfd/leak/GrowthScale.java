/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

/**
 * What the statistics of growth measure against, for one growth window. Times in nanoseconds.
 *
 * <p>The finest buckets are a twelfth of the window, each next level's are twice as long: with nine levels of fourteen
 * buckets the history of a series reaches back for up to 299 windows, a day with the default of five minutes.
 */
final class GrowthScale {
    static final int LEVELS = 9;
    static final int BUCKETS = 14;
    /** A count that is above its lowest by less than this has not risen: a process at its work. */
    static final int FEW = 4;

    private static final int BUCKETS_IN_WINDOW = 12;
    /** Leaks this fast, in descriptors per second, are reported as soon as the window is over; slower ones have time. */
    private static final double FAST = 1;
    /** So that a leak that is just that fast is reported before the window ends and not a sweep later. */
    private static final double NEARLY = 0.97;
    /** The beginning of a climb is only known to a sweep or so. */
    private static final double COVERED = 0.95;
    /** What rises for so many windows, but by less than a fast leak does in one, may still be a saw-tooth. */
    private static final int PATIENCE = 6;

    private static final int LEAST_RISE = 12;
    /** In windows, until a third is left. Much longer than a saw-tooth takes, so that each tooth is measured by the others. */
    private static final int SWINGS_REMEMBERED = 96;

    private static final double SECOND = 1e9;

    private final long window;
    private final long bucket;

    GrowthScale(long window) {
        if (window < BUCKETS_IN_WINDOW) {
            throw new IllegalArgumentException("the growth window must be positive");
        }
        this.window = window;
        bucket = window / BUCKETS_IN_WINDOW;
    }

    /** The length of the finest buckets. */
    long bucket() {
        return bucket;
    }

    /** Whether a climb has lasted for the window. */
    boolean coversWindow(double time) {
        return time >= COVERED * window;
    }

    /**
     * The rise that a steady climb must have made to be reported: what a fast leak makes in one window, and after
     * {@value #PATIENCE} windows the less the longer it has been steady; but no more than what is left to rise.
     *
     * @param left how many more descriptors the process may open
     */
    double requiredRise(double time, long left) {
        double fast = NEARLY * FAST * window / SECOND;
        double slow = fast * Math.min(1, PATIENCE * (double) window / time);
        return Math.max(LEAST_RISE, Math.min((double) left, slow));
    }

    /** What is left of a memory of past swings after some time. */
    double memory(long elapsed) {
        return Math.exp(-(double) elapsed / window / SWINGS_REMEMBERED);
    }
}
