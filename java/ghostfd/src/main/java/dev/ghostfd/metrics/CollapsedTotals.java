/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.metrics;

import dev.ghostfd.attribution.Workload;
import dev.ghostfd.metrics.WorkloadFigures.Sort;
import dev.ghostfd.metrics.WorkloadFigures.Total;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keeps counters rising while workloads move in and out of "other": what a workload counts while it is collapsed goes
 * to "other" and stays there, and is taken off its own series when it gets one. Confined to one thread.
 */
final class CollapsedTotals {
    private record Key(Workload workload, Sort sort) {}

    private final Map<Key, Total> given = new HashMap<>();
    private final Map<Key, Total> seen = new HashMap<>();
    private final Map<Sort, Total> other = new TreeMap<>();

    /** What is to be shown of a workload's total under its own name. */
    Total own(Workload workload, Sort sort, Total total) {
        Key key = new Key(workload, sort);
        seen.put(key, total);
        return total.minus(given.getOrDefault(key, Total.ZERO));
    }

    /** Adds to "other" what a collapsed workload has counted since it was last looked at. */
    void collapse(Workload workload, Sort sort, Total total) {
        Key key = new Key(workload, sort);
        Total news = total.minus(seen.getOrDefault(key, Total.ZERO));
        seen.put(key, total);
        given.merge(key, news, Total::plus);
        other.merge(sort, news, Total::plus);
    }

    /** The counters of "other". */
    Map<Sort, Total> other() {
        return other;
    }

    /** Forgets workloads that the view no longer names. */
    void retain(Set<Workload> workloads) {
        given.keySet().removeIf(key -> !workloads.contains(key.workload()));
        seen.keySet().removeIf(key -> !workloads.contains(key.workload()));
    }
}
