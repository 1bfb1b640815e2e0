/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.Kind;
import java.util.Arrays;

/** How long descriptors lived, counted by kind in buckets of powers of ten. */
public final class Lifetimes {
    private static final double[] BOUNDS = {0.001, 0.01, 0.1, 1, 10, 60, 600, 3600, 86_400};
    private static final double NANOS = 1e9;

    /** The same in nanoseconds: told of each close, this divides nothing. */
    private static final long[] LIMITS =
            Arrays.stream(BOUNDS).mapToLong(bound -> Math.round(bound * NANOS)).toArray();

    private final long[][] counts = new long[Kind.PROCESS.ordinal()][BOUNDS.length + 1];
    /** Nanoseconds: a million descriptors of a day each would not fit into a long. */
    private final double[] sums = new double[Kind.PROCESS.ordinal()];

    Lifetimes() {}

    void closed(int kind, long openedAt, long closedAt) {
        long nanos = Math.max(0, closedAt - openedAt);
        int bucket = 0;
        while (bucket < LIMITS.length && nanos > LIMITS[bucket]) {
            bucket++;
        }
        counts[kind][bucket]++;
        sums[kind] += nanos;
    }

    /** Upper bounds in seconds, ascending, without infinity. */
    public double[] bounds() {
        return BOUNDS.clone();
    }

    /** Descriptors per bucket, not cumulative, the last one beyond all bounds. */
    public long[] counts(Kind kind) {
        return counts[kind.ordinal()].clone();
    }

    public double sumSeconds(Kind kind) {
        return sums[kind.ordinal()] / NANOS;
    }
}
