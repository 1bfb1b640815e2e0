/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which of many counts rise steadily. History is kept only for those that have risen at all, and of these only for so many:
 * beyond that the flattest is forgotten. In each sweep every count above zero is given once, then the sweep is ended; what
 * was not given counts as zero. The same samples in the same order give the same answers. Not thread-safe.
 *
 * @param <K> what a count belongs to, such as process, kind and call site
 */
final class GrowthWatch<K> {
    /** For how many windows a count of zero is remembered: a saw-tooth may come down to nothing between two teeth. */
    private static final int WINDOWS_ABSENT = 6;

    private static final int JUST_BEGUN = 3 * GrowthScale.FEW;
    /** How many counts are looked at for each that has a history. */
    private static final int STARTS_PER_SERIES = 16;

    private final GrowthScale scale;
    private final GrowthTrend trend = new GrowthTrend();
    private final long memory;
    private final int capacity;
    private final Map<K, GrowthSeries> series = new LinkedHashMap<>();
    private final Map<K, Start> starts = new LinkedHashMap<>();
    private long previousSweep = Long.MIN_VALUE;
    private int admission = GrowthScale.FEW;
    private long evictions;

    /** Where a count began: its lowest, when it was last as low, and in which sweep it was last given. */
    private static final class Start {
        private int lowest;
        private int base;
        private long time;
        private long given;

        void at(long sweep, int count) {
            lowest = count;
            base = count;
            time = sweep;
        }
    }

    /**
     * Watches nothing yet.
     *
     * @param window over which a rise must have been steady, nanoseconds
     * @param capacity for how many counts history is kept, about 700 bytes each
     */
    GrowthWatch(long window, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("room for at least one series is needed");
        }
        scale = new GrowthScale(window);
        memory = WINDOWS_ABSENT * window;
        this.capacity = capacity;
    }

    /**
     * One count in this sweep.
     *
     * @param time nanoseconds of a monotonic clock, the same for all of a sweep
     * @param left how many more descriptors the process may open, its soft RLIMIT_NOFILE less what it has open; a climb that
     *     would use them up as fast as it came is reported sooner. Long.MAX_VALUE if that is not known
     * @return its growth, if it grows steadily
     */
    Optional<Growth> observe(K key, long time, int count, long left) {
        GrowthSeries known = series.get(key);
        if (known != null) {
            return known.add(time, count, left, trend);
        }
        Start start = starts.get(key);
        if (start == null) {
            if (count >= admission) {
                starts.put(key, startOf(time, count));
            }
        } else if (count >= start.lowest + GrowthScale.FEW) {
            starts.remove(key);
            makeRoom();
            GrowthSeries risen = new GrowthSeries(scale, start.time, start.base);
            series.put(key, risen);
            return risen.add(time, count, left, trend);
        } else {
            start.given = time;
            if (count <= start.lowest) {
                start.at(time, count);
            }
        }
        return Optional.empty();
    }

    /** What was too little to be looked at a sweep ago has just begun to rise. */
    private Start startOf(long time, int count) {
        Start start = new Start();
        start.at(time, count);
        start.given = time;
        if (previousSweep != Long.MIN_VALUE && admission == GrowthScale.FEW && count <= JUST_BEGUN) {
            start.base = GrowthScale.FEW - 1;
            start.time = previousSweep;
        }
        return start;
    }

    private void makeRoom() {
        if (series.size() < capacity) {
            return;
        }
        K flattest = null;
        int least = Integer.MAX_VALUE;
        for (Map.Entry<K, GrowthSeries> entry : series.entrySet()) {
            GrowthSeries one = entry.getValue();
            int rise = one.growth().isPresent() ? Integer.MAX_VALUE : one.recentRise();
            if (flattest == null || rise < least) {
                flattest = entry.getKey();
                least = rise;
            }
        }
        series.remove(flattest);
        evictions++;
    }

    /**
     * All counts of this sweep have been given.
     *
     * @param time as given with them
     */
    void endSweep(long time) {
        for (Iterator<GrowthSeries> all = series.values().iterator(); all.hasNext(); ) {
            GrowthSeries one = all.next();
            if (one.last() != time && one.count() > 0) {
                one.add(time, 0, Long.MAX_VALUE, trend);
            } else if (time - one.last() > memory) {
                all.remove();
            }
        }
        starts.values().removeIf(start -> start.given != time);
        limitStarts();
        previousSweep = time;
    }

    /** When there are too many counts to look at, the small ones have to wait until they are bigger. */
    private void limitStarts() {
        int limit = capacity * STARTS_PER_SERIES;
        if (starts.size() > limit) {
            int[] counts = starts.values().stream()
                    .mapToInt(start -> start.lowest)
                    .sorted()
                    .toArray();
            admission = counts[counts.length - limit / 2] + 1;
            starts.values().removeIf(start -> start.lowest < admission);
        } else if (starts.size() < limit / 4) {
            admission = Math.max(GrowthScale.FEW, admission / 2);
        }
    }

    /** Forgets the counts of these keys: what a process had open before its exec says nothing of the new program. */
    void forget(Predicate<? super K> keys) {
        series.keySet().removeIf(keys);
        starts.keySet().removeIf(keys);
    }

    /** For how many counts there is history now. */
    int size() {
        return series.size();
    }

    /** How many histories had to be forgotten for others since the start. */
    long evictions() {
        return evictions;
    }
}
