/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** Events the kernel side had to drop, by reason, counted per CPU ({@code struct losses} in bpf/events.h). */
public final class LossCounters {
    /** Labels of {@code enum lost_reason}, by code. */
    public static final List<String> REASONS =
            List.of("ring_full", "calls_full", "user_read", "scope_full", "census_truncated");

    static final int CPUS = 1024;
    static final int SLOTS = 8;
    static final long BYTES = (long) CPUS * SLOTS * Long.BYTES;

    private final MemorySegment counts;
    private final int cpus;

    LossCounters(MemorySegment counts, int possibleCpus) {
        this.counts = counts;
        this.cpus = Math.min(possibleCpus, CPUS);
    }

    /** How many events have been dropped for this reason since tracing began. */
    public long count(int reason) {
        long sum = 0;
        for (int cpu = 0; cpu < cpus; cpu++) {
            sum += counts.getAtIndex(JAVA_LONG, (long) cpu * SLOTS + reason);
        }
        return sum;
    }

    /** Dropped events of all reasons. */
    public long total() {
        long sum = 0;
        for (int reason = 0; reason < REASONS.size(); reason++) {
            sum += count(reason);
        }
        return sum;
    }
}
