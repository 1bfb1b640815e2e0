/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import java.util.Arrays;
import java.util.Optional;

/**
 * One count over time, and whether it rises steadily. Kept are the floors, the least counts, of buckets at several
 * resolutions: whatever is opened and closed again does not show in them. About 600 bytes whatever its age. Not thread-safe.
 */
final class GrowthSeries {
    private static final int NONE = Integer.MAX_VALUE;
    private static final int FEWEST_BUCKETS = 8;
    /** In buckets: how far the count may lag behind its climb before that is reported, and once it is. */
    private static final double LAG_BEFORE = 0.75;

    private static final double LAG_AFTER = 2;
    private static final int NEARLY_NOTHING = 16;
    /** So many times what the count sinks now and then it must have risen. */
    private static final double SWINGS = 1.5;

    private static final double SECOND = 1e9;

    private final GrowthScale scale;
    private final int[] floors = new int[GrowthScale.LEVELS * GrowthScale.BUCKETS];
    private final long origin;
    private long last;
    private int count;
    /** The highest count, sinking slowly to the present one, and how deep below it the count has been. */
    private float ceiling;

    private float swing;
    private Optional<Growth> growth = Optional.empty();
    /* Of the growth that stands: its level, the count it began at, and the last floor known to be on its climb. */
    private int level;
    private int base;
    private int climbBucket;
    private int climbFloor;
    /** When the last growth ended, or so long ago that it does not matter. */
    private long ended;

    /**
     * Starts with one sample.
     *
     * @param time nanoseconds, of any monotonic clock
     */
    GrowthSeries(GrowthScale scale, long time, int count) {
        this.scale = scale;
        origin = time;
        ended = time - Long.MAX_VALUE / 2;
        last = time;
        ceiling = count;
        Arrays.fill(floors, NONE);
        enter(time, count);
    }

    /**
     * Takes the next sample.
     *
     * @param time nanoseconds, not before the last sample
     * @param left how many more descriptors the process may open
     * @param trend to calculate in
     * @return the growth that stands now
     */
    Optional<Growth> add(long time, int next, long left, GrowthTrend trend) {
        remember(time, next);
        enter(time, next);
        growth = growth.isPresent() ? continued(growth.get(), left, trend) : begun(left, trend);
        return growth;
    }

    /** The growth that stands since the last sample. */
    Optional<Growth> growth() {
        return growth;
    }

    /** The time of the last sample. */
    long last() {
        return last;
    }

    /** The count of the last sample. */
    int count() {
        return count;
    }

    /** By how much the floor has risen in the later half of the history that is kept; negative if it has fallen. */
    int recentRise() {
        long middle = origin + (last - origin) / 2;
        int k = 0;
        while (k < GrowthScale.LEVELS - 1 && start(k, oldest(k)) > middle) {
            k++;
        }
        int bucket = Math.max(oldest(k), (int) ((middle - origin) / scale.bucket() >> k));
        while (floor(k, bucket) == NONE) {
            bucket++;
        }
        return floor(k, bucketNow(k)) - floor(k, bucket);
    }

    private void remember(long time, int next) {
        float memory = (float) scale.memory(time - last);
        ceiling = Math.max(next, next + (ceiling - next) * memory);
        swing = Math.max(swing * memory, ceiling - next);
    }

    private void enter(long time, int next) {
        long before = (last - origin) / scale.bucket();
        long now = (time - origin) / scale.bucket();
        for (int k = 0; k < GrowthScale.LEVELS; k++) {
            long opened = Math.min((now >> k) - (before >> k), GrowthScale.BUCKETS);
            for (long b = (now >> k) - opened + 1; b <= now >> k; b++) {
                floors[slot(k, b)] = NONE;
            }
            int slot = slot(k, now >> k);
            floors[slot] = Math.min(floors[slot], next);
        }
        last = time;
        count = next;
    }

    private Optional<Growth> begun(long left, GrowthTrend trend) {
        for (int k = 0; k < GrowthScale.LEVELS && bucketNow(k) >= FEWEST_BUCKETS - 1; k++) {
            int now = bucketNow(k);
            for (int n = Math.min(GrowthScale.BUCKETS, now + 1); n >= FEWEST_BUCKETS; n--) {
                Optional<Growth> found = climbSince(k, now - n + 1, left, trend);
                if (found.isPresent()) {
                    level = k;
                    base = count - found.get().risen();
                    anchor(trend);
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Growth> climbSince(int k, int first, long left, GrowthTrend trend) {
        int floor = floor(k, first);
        double time = last - start(k, first);
        /* What has ended is not found again in its own history: half of the climb must have been since. */
        boolean past = last - ended < time / 2;
        if (past || floor == NONE || !enough(count - floor, time, left)) {
            return Optional.empty();
        }
        fill(trend, k, first);
        if (!trend.climbs()) {
            return Optional.empty();
        }
        double perBucket = trend.slope();
        double rate = perBucket / (scale.bucket() << k);
        /* The count tells how far into its first bucket the climb began; the slope, when the count is on top of churn. */
        double risen = Math.min(count - floor, rate * time);
        double expected = trend.last() + rate * (last - start(k, trend.lastBucket()));
        if (!enough(risen, risen / rate, left) || count < expected - Math.max(1, LAG_BEFORE * perBucket)) {
            return Optional.empty();
        }
        return Optional.of(new Growth(
                rate * SECOND, last - (long) (risen / rate), (int) Math.round(risen), trend.rankCorrelation()));
    }

    private boolean enough(double risen, double time, long left) {
        return scale.coversWindow(time) && risen >= scale.requiredRise(time, left) && risen >= SWINGS * swing;
    }

    /** A growth stands until the count lags behind its climb because it levels off, or falls. */
    private Optional<Growth> continued(Growth standing, long left, GrowthTrend trend) {
        Growth refreshed = refreshed(standing, trend);
        double perNano = refreshed.perSecond() / SECOND;
        double expected = climbFloor + perNano * (last - start(level, climbBucket));
        double tolerated = GrowthScale.FEW + LAG_AFTER * perNano * (scale.bucket() << level) + swing / 4;
        if (count >= expected - tolerated || isStoppedByTheLimit(refreshed, left)) {
            return Optional.of(refreshed);
        }
        ended = last;
        return Optional.empty();
    }

    /** Who has nothing left levels off too, but has not got well. */
    private boolean isStoppedByTheLimit(Growth standing, long left) {
        return left <= GrowthScale.FEW + standing.risen() / NEARLY_NOTHING && count >= climbFloor - GrowthScale.FEW;
    }

    private Growth refreshed(Growth standing, GrowthTrend trend) {
        double perSecond = standing.perSecond();
        double steadiness = standing.steadiness();
        int now = bucketNow(level);
        if (now - 1 > climbBucket) {
            fill(trend, level, oldest(level));
            if (trend.climbsOn()) {
                anchor(trend);
                perSecond = trend.slope() / (scale.bucket() << level) * SECOND;
                steadiness = trend.rankCorrelation();
            }
        }
        return new Growth(perSecond, standing.since(), Math.max(count - base, 1), steadiness);
    }

    private void anchor(GrowthTrend trend) {
        climbBucket = trend.lastBucket();
        climbFloor = trend.last();
    }

    /** The bucket of the last sample is left out: its floor is not known yet. */
    private void fill(GrowthTrend trend, int k, int first) {
        trend.clear();
        for (int b = first; b < bucketNow(k); b++) {
            int floor = floor(k, b);
            if (floor != NONE) {
                trend.add(b, floor);
            }
        }
    }

    private int bucketNow(int k) {
        return (int) ((last - origin) / scale.bucket() >> k);
    }

    private int oldest(int k) {
        return Math.max(0, bucketNow(k) - GrowthScale.BUCKETS + 1);
    }

    private long start(int k, int bucket) {
        return origin + bucket * (scale.bucket() << k);
    }

    private int floor(int k, int bucket) {
        return floors[slot(k, bucket)];
    }

    private static int slot(int k, long bucket) {
        return k * GrowthScale.BUCKETS + (int) (bucket % GrowthScale.BUCKETS);
    }
}
