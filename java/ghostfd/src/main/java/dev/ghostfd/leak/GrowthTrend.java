/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import java.util.Arrays;

/**
 * The shape of a row of floors: its slope by Theil and Sen, the median over all pairs, which a single jump does not move,
 * and whether it is a steady climb. Floors are the least counts in buckets of equal length; buckets without a sample are
 * left out. Filled once, then asked.
 */
final class GrowthTrend {
    private static final int FEWEST_POINTS = 6;
    private static final int POINTS_FOR_AN_EXCEPTION = 10;
    /** Below, the climb slows down: a pool that fills up, a cache that warms. */
    private static final double SLOWING = 0.75;
    /** Above, it is not one climb but a burst: a pool that doubles. */
    private static final double BURSTING = 4;
    /** Below, it is a walk that happens to rise. */
    private static final double EVENNESS = 0.75;
    /** A floor may lie this part of the whole rise below the one before. */
    private static final double FALLING_BACK = 0.05;

    private final int[] buckets = new int[GrowthScale.BUCKETS];
    private final int[] floors = new int[GrowthScale.BUCKETS];
    private final double[] slopes = new double[GrowthScale.BUCKETS * (GrowthScale.BUCKETS - 1) / 2];
    private int points;
    private double slope;
    private double rankCorrelation;

    void clear() {
        points = 0;
    }

    /** The next floor. Buckets are numbered in the order of time, gaps allowed. */
    void add(int bucket, int floor) {
        buckets[points] = bucket;
        floors[points++] = floor;
    }

    /** Whether the floors climb steadily, from the first to the last; only then the other figures hold. */
    boolean climbs() {
        return points >= FEWEST_POINTS && risesNearlyAlways() && keepsItsPace() && isEven() && measure();
    }

    /** Whether the floors still climb, if faster or slower than before; only then the other figures hold. */
    boolean climbsOn() {
        return points >= FEWEST_POINTS && last() > floors[points - 2] && risesNearlyAlways() && measure();
    }

    /** Floors per bucket. */
    double slope() {
        return slope;
    }

    /** Kendall's tau. */
    double rankCorrelation() {
        return rankCorrelation;
    }

    int last() {
        return floors[points - 1];
    }

    int lastBucket() {
        return buckets[points - 1];
    }

    private boolean risesNearlyAlways() {
        double tolerated = Math.max(1, (last() - floors[0]) * FALLING_BACK);
        int exceptions = 0;
        for (int i = 1; i < points; i++) {
            int step = floors[i] - floors[i - 1];
            if (step < -tolerated) {
                return false;
            }
            exceptions += step > 0 ? 0 : 1;
        }
        boolean stopped = last() <= floors[points - 2] && floors[points - 2] <= floors[points - 3];
        return !stopped && exceptions <= (points >= POINTS_FOR_AN_EXCEPTION ? 1 : 0);
    }

    private boolean keepsItsPace() {
        int middle = points / 2;
        double before = pace(0, middle);
        double after = pace(middle, points - 1);
        return before > 0 && after >= SLOWING * before && after <= BURSTING * before;
    }

    private double pace(int from, int to) {
        return (double) (floors[to] - floors[from]) / (buckets[to] - buckets[from]);
    }

    /** The squared mean of the steps over the mean of their squares: 1 if all are alike, 0.6 in half a normal curve. */
    private boolean isEven() {
        double sum = 0;
        double squares = 0;
        for (int i = 1; i < points; i++) {
            double step = pace(i - 1, i);
            sum += step;
            squares += step * step;
        }
        return sum * sum >= EVENNESS * squares * (points - 1);
    }

    private boolean measure() {
        int pairs = 0;
        int balance = 0;
        for (int i = 1; i < points; i++) {
            for (int j = 0; j < i; j++) {
                slopes[pairs++] = pace(j, i);
                balance += Integer.signum(floors[i] - floors[j]);
            }
        }
        Arrays.sort(slopes, 0, pairs);
        slope = (slopes[(pairs - 1) / 2] + slopes[pairs / 2]) / 2;
        rankCorrelation = (double) balance / pairs;
        return slope > 0;
    }
}
