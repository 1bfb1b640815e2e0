/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.metrics;

import dev.ghostfd.event.Kind;
import dev.ghostfd.leak.Confidence;
import dev.ghostfd.leak.Leak;
import dev.ghostfd.leak.Rule;
import dev.ghostfd.lifecycle.ProcessView;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** What one scrape says of one workload; mutable while the view is read, confined to the thread that renders. */
final class WorkloadFigures {
    /** The labels that counters of leaks have beyond the workload's. */
    record Sort(Rule rule, Kind kind) implements Comparable<Sort> {
        private static final Comparator<Sort> ORDER =
                Comparator.comparing(Sort::rule).thenComparing(Sort::kind);

        @Override
        public int compareTo(Sort other) {
            return ORDER.compare(this, other);
        }
    }

    /** The labels that the gauge of leaks has beyond the workload's. */
    record Finding(Sort sort, Confidence confidence) implements Comparable<Finding> {
        private static final Comparator<Finding> ORDER =
                Comparator.comparing(Finding::sort).thenComparing(Finding::confidence);

        @Override
        public int compareTo(Finding other) {
            return ORDER.compare(this, other);
        }
    }

    /** Leaks since start. */
    record Total(long detected, long resolved) {
        static final Total ZERO = new Total(0, 0);

        Total plus(Total other) {
            return new Total(detected + other.detected, resolved + other.resolved);
        }

        /** What this has over another, never below 0. */
        Total minus(Total other) {
            return new Total(Math.max(0, detected - other.detected), Math.max(0, resolved - other.resolved));
        }

        /** Whether that one may have become this one by counting on. */
        boolean covers(Total earlier) {
            return detected >= earlier.detected && resolved >= earlier.resolved;
        }
    }

    /** Leaks outweigh descriptors: no number of open files may push a leaking workload into "other". */
    private static final long LEAK_WEIGHT = 1L << 24;

    final Map<Kind, Long> open = new EnumMap<>(Kind.class);
    final Map<Finding, Long> leaked = new TreeMap<>();
    final Map<Rule, Long> oldestNanos = new EnumMap<>(Rule.class);
    final Map<Sort, Total> totals = new TreeMap<>();
    private long unreaped;
    private double worstRatio = -1;
    private double exhaustion = Double.POSITIVE_INFINITY;

    void add(ProcessView process) {
        process.byKind().forEach((kind, count) -> open.merge(kind, (long) count, Long::sum));
        if (process.softLimit() > 0) {
            worstRatio = Math.max(worstRatio, (double) process.open() / process.softLimit());
        }
        exhaustion = Math.min(exhaustion, process.exhaustionSeconds().orElse(Double.POSITIVE_INFINITY));
    }

    void add(Leak leak, long ageNanos) {
        oldestNanos.merge(leak.rule(), Math.max(0, ageNanos), Math::max);
        if (leak.rule() == Rule.UNREAPED_CHILD) {
            unreaped += leak.count();
        } else {
            leaked.merge(
                    new Finding(new Sort(leak.rule(), leak.kind()), leak.confidence()), (long) leak.count(), Long::sum);
        }
    }

    /** Takes over counters, which need their history: see {@link LeakCounters}. */
    void add(Map<Sort, Total> counters) {
        counters.forEach((sort, total) -> totals.merge(sort, total, Total::plus));
    }

    /** Takes in another workload's gauges. */
    void addGauges(WorkloadFigures other) {
        other.open.forEach((kind, count) -> open.merge(kind, count, Long::sum));
        other.leaked.forEach((finding, count) -> leaked.merge(finding, count, Long::sum));
        other.oldestNanos.forEach((rule, age) -> oldestNanos.merge(rule, age, Math::max));
        unreaped += other.unreaped;
        worstRatio = Math.max(worstRatio, other.worstRatio);
        exhaustion = Math.min(exhaustion, other.exhaustion);
    }

    long unreaped() {
        return unreaped;
    }

    /** Whether any child was ever left unreaped, so that the gauge goes back to 0 instead of vanishing. */
    boolean everUnreaped() {
        return unreaped > 0 || totals.keySet().stream().anyMatch(sort -> sort.rule() == Rule.UNREAPED_CHILD);
    }

    OptionalDouble worstRatio() {
        return worstRatio < 0 ? OptionalDouble.empty() : OptionalDouble.of(worstRatio);
    }

    /** Until the first of its processes is at its limit; empty when none grows. */
    OptionalDouble exhaustionSeconds() {
        return Double.isInfinite(exhaustion) ? OptionalDouble.empty() : OptionalDouble.of(exhaustion);
    }

    /** How much the workload deserves series of its own. */
    long size() {
        return (sum(leaked) + unreaped) * LEAK_WEIGHT + sum(open);
    }

    private static long sum(Map<?, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
