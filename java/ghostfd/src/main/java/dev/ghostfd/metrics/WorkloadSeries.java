/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.metrics;

import dev.ghostfd.attribution.Attribution;
import dev.ghostfd.attribution.Workload;
import dev.ghostfd.leak.Leak;
import dev.ghostfd.leak.NodeView;
import dev.ghostfd.lifecycle.ProcessView;
import dev.ghostfd.metrics.WorkloadFigures.Finding;
import dev.ghostfd.metrics.WorkloadFigures.Sort;
import dev.ghostfd.metrics.WorkloadFigures.Total;
import io.prometheus.client.Collector.MetricFamilySamples;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Metrics with a workload's labels. Remembers what it has shown, within --max-series; confined to one thread. */
final class WorkloadSeries {
    private static final Workload OTHER = Workload.ofHost("other");
    private static final double NANOS_PER_SECOND = 1e9;

    /** How long the counters of a workload that is gone are still shown, so that a last rise is not missed. */
    private static final long LINGERING_NANOS = 900_000_000_000L;

    private final Attribution attribution;
    private final Roster roster;
    private final LeakCounters counters = new LeakCounters();
    /** Findings ever shown of a workload: they go back to 0 rather than vanish. */
    private final Map<Workload, Set<Finding>> shown = new HashMap<>();

    private final Map<Metric, Family> families = new EnumMap<>(Metric.class);

    WorkloadSeries(Attribution attribution, int maxSeries) {
        this.attribution = attribution;
        this.roster = new Roster(maxSeries);
    }

    /** Appends the families of one scrape and returns how many workloads were collapsed. */
    int collect(NodeView view, List<MetricFamilySamples> into) {
        Map<Workload, WorkloadFigures> all = figures(view);
        Set<Workload> living = Set.copyOf(all.keySet());
        counters.read(view.totals(), view.time(), total -> workload(total.comm(), total.cgroup()));
        counters.retain(living);
        counters.changed().forEach((workload, time) -> {
            if (view.time() - time < LINGERING_NANOS) {
                all.computeIfAbsent(workload, _ -> new WorkloadFigures());
            }
        });
        Set<Workload> own = roster.choose(all.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().size())));
        counters.give(own);
        Map<Workload, WorkloadFigures> rows = new TreeMap<>(Roster.BY_NAME);
        WorkloadFigures other = new WorkloadFigures();
        all.forEach((workload, figures) -> {
            if (own.contains(workload)) {
                figures.add(counters.of(workload));
                rows.put(workload, figures);
            } else {
                other.addGauges(figures);
            }
        });
        int collapsed = all.size() - own.size();
        if (collapsed > 0 || !counters.other().isEmpty()) {
            addOther(rows, other);
        }
        shown.keySet().retainAll(rows.keySet());
        rows.forEach(this::addRow);
        families.values().forEach(family -> family.into(into));
        families.clear();
        return collapsed;
    }

    /** Of what lives. */
    private Map<Workload, WorkloadFigures> figures(NodeView view) {
        Map<Workload, WorkloadFigures> all = new HashMap<>();
        for (ProcessView process : view.processes()) {
            of(all, process.comm(), process.cgroup()).ifPresent(figures -> figures.add(process));
        }
        for (Leak leak : view.leaks()) {
            of(all, leak.process().comm(), leak.process().cgroup())
                    .ifPresent(figures -> figures.add(leak, view.time() - leak.firstSeen()));
        }
        return all;
    }

    private Optional<WorkloadFigures> of(Map<Workload, WorkloadFigures> all, String comm, long cgroup) {
        return workload(comm, cgroup).map(found -> all.computeIfAbsent(found, _ -> new WorkloadFigures()));
    }

    /** Empty while its names are being looked up: a series begun without them would end with the next scrape. */
    private Optional<Workload> workload(String comm, long cgroup) {
        return attribution.isPending(cgroup) ? Optional.empty() : Optional.of(attribution.workload(comm, cgroup));
    }

    /** A program may really be called "other": then the two share their series. */
    private void addOther(Map<Workload, WorkloadFigures> rows, WorkloadFigures other) {
        WorkloadFigures row = rows.computeIfAbsent(OTHER, workload -> new WorkloadFigures());
        row.addGauges(other);
        row.add(counters.other());
    }

    private void addRow(Workload workload, WorkloadFigures figures) {
        List<String> labels = List.of(workload.namespace(), workload.pod(), workload.container(), workload.comm());
        figures.open.forEach((kind, count) -> add(Metric.OPEN_DESCRIPTORS, count, labels, kind.label()));
        figures.worstRatio().ifPresent(ratio -> add(Metric.WORST_LIMIT_RATIO, ratio, labels));
        figures.exhaustionSeconds().ifPresent(seconds -> add(Metric.EXHAUSTION, seconds, labels));
        figures.oldestNanos.forEach(
                (rule, age) -> add(Metric.OLDEST_LEAK_AGE, age / NANOS_PER_SECOND, labels, rule.label()));
        figures.totals.forEach((sort, total) -> addTotal(labels, sort, total));
        if (figures.everUnreaped()) {
            add(Metric.UNREAPED_CHILDREN, (double) figures.unreaped(), labels);
        }
        addLeaked(workload, figures, labels);
    }

    private void addTotal(List<String> labels, Sort sort, Total total) {
        String rule = sort.rule().label();
        String kind = sort.kind().label();
        add(Metric.LEAKS_DETECTED, (double) total.detected(), labels, rule, kind);
        add(Metric.LEAKS_RESOLVED, (double) total.resolved(), labels, rule, kind);
    }

    private void addLeaked(Workload workload, WorkloadFigures figures, List<String> labels) {
        if (figures.leaked.isEmpty() && !shown.containsKey(workload)) {
            return;
        }
        Set<Finding> findings = shown.computeIfAbsent(workload, none -> new TreeSet<>());
        findings.addAll(figures.leaked.keySet());
        for (Finding finding : findings) {
            add(
                    Metric.LEAKED_DESCRIPTORS,
                    figures.leaked.getOrDefault(finding, 0L),
                    labels,
                    finding.sort().rule().label(),
                    finding.sort().kind().label(),
                    finding.confidence().label());
        }
    }

    private void add(Metric metric, double value, List<String> workload, String... more) {
        families.computeIfAbsent(metric, Family::new).add(value, Family.with(workload, more));
    }
}
