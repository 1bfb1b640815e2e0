/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.metrics;

import dev.ghostfd.attribution.Workload;
import dev.ghostfd.leak.LeakTotal;
import dev.ghostfd.metrics.WorkloadFigures.Sort;
import dev.ghostfd.metrics.WorkloadFigures.Total;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Counters of leaks by workload. The view's totals are by cgroup and are summed up when they are old, so they are not shown
 * as they are: what has come to each since the last scrape is added, once and for good, to the workload that it belongs to,
 * or to "other" while that one is collapsed. So no counter ever falls while it is shown, and nothing is counted twice.
 * Confined to one thread.
 */
final class LeakCounters {
    private record Source(String comm, long cgroup, Sort sort) {}

    /** A source as of the last scrape; its workload stays the same past the end of its cgroup. */
    private record Seen(Total total, Workload workload) {}

    private final Map<Source, Seen> seen = new HashMap<>();
    private final Map<Sort, Total> remainders = new HashMap<>();
    private final Map<Workload, Map<Sort, Total>> own = new HashMap<>();
    private final Map<Workload, Long> changed = new HashMap<>();
    private final Map<Sort, Total> other = new TreeMap<>();
    private Map<Workload, Map<Sort, Total>> news = Map.of();

    /**
     * Reads the totals of a scrape.
     *
     * @param time of the view, nanoseconds
     * @param workload whose a total is; empty for as long as that is not known
     */
    void read(List<LeakTotal> totals, long time, Function<LeakTotal, Optional<Workload>> workload) {
        news = new HashMap<>();
        Map<Sort, Total> remainder = new HashMap<>();
        Map<Sort, Total> accounted = new HashMap<>();
        Set<Source> present = new HashSet<>();
        for (LeakTotal total : totals) {
            Sort sort = new Sort(total.rule(), total.kind());
            Total now = new Total(total.detected(), total.resolved());
            if (total.isRemainder()) {
                remainder.put(sort, now);
                continue;
            }
            Source source = new Source(total.comm(), total.cgroup(), sort);
            Optional<Seen> before = Optional.ofNullable(seen.get(source));
            if (before.isPresent() && !now.covers(before.get().total())) {
                /* Summed up since, and begun anew. */
                accounted.merge(sort, before.get().total(), Total::plus);
                before = before.map(gone -> new Seen(Total.ZERO, gone.workload()));
            }
            Optional<Workload> whose = before.map(Seen::workload).or(() -> workload.apply(total));
            if (whose.isPresent()) {
                present.add(source);
                add(source, now, before.map(Seen::total).orElse(Total.ZERO), whose.get(), time);
            }
        }
        seen.entrySet().removeIf(entry -> {
            boolean gone = !present.contains(entry.getKey());
            if (gone) {
                accounted.merge(entry.getKey().sort(), entry.getValue().total(), Total::plus);
            }
            return gone;
        });
        addRemainders(remainder, accounted);
    }

    private void add(Source source, Total now, Total before, Workload whose, long time) {
        seen.put(source, new Seen(now, whose));
        if (!now.equals(before)) {
            news.computeIfAbsent(whose, _ -> new HashMap<>()).merge(source.sort(), now.minus(before), Total::plus);
            changed.put(whose, time);
        }
    }

    /** Of what was summed up since the last scrape, what no scrape has seen under its own name. */
    private void addRemainders(Map<Sort, Total> remainder, Map<Sort, Total> accounted) {
        remainder.forEach((sort, now) -> {
            Total since = now.minus(remainders.getOrDefault(sort, Total.ZERO))
                    .minus(accounted.getOrDefault(sort, Total.ZERO));
            if (!since.equals(Total.ZERO)) {
                other.merge(sort, since, Total::plus);
            }
        });
        remainders.putAll(remainder);
    }

    /** Workloads that the totals tell of, each with the time of its last change. */
    Map<Workload, Long> changed() {
        return changed;
    }

    /** Adds what was read last to those that are shown, and to "other" for the rest. */
    void give(Set<Workload> shown) {
        news.forEach((workload, sorts) -> {
            Map<Sort, Total> into =
                    shown.contains(workload) ? own.computeIfAbsent(workload, _ -> new TreeMap<>()) : other;
            sorts.forEach((sort, total) -> into.merge(sort, total, Total::plus));
        });
        news = Map.of();
    }

    /** What is to be shown under a workload's own name. */
    Map<Sort, Total> of(Workload workload) {
        return own.getOrDefault(workload, Map.of());
    }

    /** The counters of "other". */
    Map<Sort, Total> other() {
        return other;
    }

    /** Forgets workloads that neither the totals nor the living name any more. */
    void retain(Set<Workload> living) {
        Set<Workload> known = new HashSet<>(living);
        seen.values().forEach(source -> known.add(source.workload()));
        own.keySet().retainAll(known);
        changed.keySet().retainAll(known);
    }
}
