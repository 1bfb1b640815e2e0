/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.Kind;
import dev.ghostfd.kernel.LossCounters;
import dev.ghostfd.kernel.RingBuffer;
import dev.ghostfd.kernel.Tracer;
import dev.ghostfd.lifecycle.Lifetimes;
import dev.ghostfd.lifecycle.ProcessDetail;
import dev.ghostfd.lifecycle.ProcessId;
import dev.ghostfd.lifecycle.ProcessView;
import dev.ghostfd.lifecycle.TrackedProcess;
import dev.ghostfd.lifecycle.Tracker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Makes immutable views of what the consumer thread owns. Runs on that thread. */
final class Publisher {
    private static final double NANOS = 1e9;
    private static final double KEEPING_UP_SECONDS = 1;

    private final Tracer tracer;
    private final Detector detector;
    private final Analysis analysis;
    private final Healing healing;
    private final List<TracerStatus.Program> programs;

    Publisher(Tracer tracer, Analysis analysis, Healing healing) {
        this.tracer = tracer;
        this.detector = analysis.detector();
        this.analysis = analysis;
        this.healing = healing;
        this.programs = tracer.programs().stream()
                .map(program -> new TracerStatus.Program(program.name(), program.attached(), program.required()))
                .toList();
    }

    NodeView publish(long now) {
        List<Leak> leaks = detector.leaks();
        Map<ProcessId, int[]> byHolder = countByHolder(leaks);
        List<ProcessView> processes = new ArrayList<>(detector.tracker().processCount());
        int[] none = new int[2];
        detector.tracker().forEachProcess(process -> {
            if (!process.hasExited()) {
                int[] counts = byHolder.getOrDefault(process.id(), none);
                processes.add(view(process, counts));
            }
        });
        return new NodeView(now, leaks, detector.totals(), List.copyOf(processes), status(now));
    }

    Optional<ProcessDetail> describe(int pid) {
        Tracker tracker = detector.tracker();
        return tracker.process(pid).filter(process -> !process.hasExited()).map(process -> {
            int[] counts = countByHolder(detector.leaks()).getOrDefault(process.id(), new int[2]);
            return new ProcessDetail(
                    view(process, counts), tracker.holdings().descriptors(process), tracker.children(process));
        });
    }

    private ProcessView view(TrackedProcess process, int... counts) {
        Optional<Leak.Growing> growth = detector.growth(process.id());
        return detector.tracker()
                .view(
                        process,
                        counts[0],
                        counts[1],
                        growth.map(found -> OptionalDouble.of(found.perMinute()))
                                .orElse(OptionalDouble.empty()),
                        growth.map(Leak.Growing::exhaustionSeconds).orElse(OptionalDouble.empty()));
    }

    /** Of each process: its leaked descriptors, and its unreaped children. */
    private static Map<ProcessId, int[]> countByHolder(List<Leak> leaks) {
        Map<ProcessId, int[]> byHolder = new HashMap<>();
        for (Leak leak : leaks) {
            int column = leak.rule() == Rule.UNREAPED_CHILD ? 1 : 0;
            byHolder.computeIfAbsent(leak.process().id(), _ -> new int[2])[column] += leak.count();
        }
        return byHolder;
    }

    private TracerStatus status(long now) {
        RingBuffer ring = tracer.ring();
        long used = ring.used();
        double lag = used == 0 || analysis.newest() == 0 ? 0 : Math.max(0, now - analysis.newest()) / NANOS;
        return new TracerStatus(
                analysis.baselineDone(),
                healing.complete(),
                lag < KEEPING_UP_SECONDS,
                programs,
                ring.size(),
                used,
                analysis.counts(),
                losses(),
                healing.resyncs(),
                repairs(),
                detector.tracker().processCount(),
                detector.tracker().descriptorCount(),
                lag,
                lifetimes(detector.tracker().lifetimes()));
    }

    private List<TracerStatus.Loss> losses() {
        List<TracerStatus.Loss> losses = new ArrayList<>();
        for (int reason = 0; reason < LossCounters.REASONS.size(); reason++) {
            losses.add(new TracerStatus.Loss(
                    "kernel", LossCounters.REASONS.get(reason), tracer.losses().count(reason)));
        }
        losses.add(new TracerStatus.Loss("reader", "unknown_type", analysis.unknown()));
        return losses;
    }

    private Map<String, Long> repairs() {
        Map<String, Long> byKind = new TreeMap<>();
        for (Kind kind : Kind.values()) {
            long count = detector.tracker().merge().repairs(kind);
            if (count > 0) {
                byKind.put(kind.label(), count);
            }
        }
        return byKind;
    }

    private static Map<String, TracerStatus.LifetimeHistogram> lifetimes(Lifetimes lifetimes) {
        List<Double> bounds = Arrays.stream(lifetimes.bounds()).boxed().toList();
        Map<String, TracerStatus.LifetimeHistogram> byKind = new TreeMap<>();
        for (Kind kind : Kind.values()) {
            if (kind != Kind.NONE && kind != Kind.PROCESS) {
                List<Long> counts =
                        Arrays.stream(lifetimes.counts(kind)).boxed().toList();
                if (counts.stream().anyMatch(count -> count > 0)) {
                    byKind.put(
                            kind.label(),
                            new TracerStatus.LifetimeHistogram(bounds, counts, lifetimes.sumSeconds(kind)));
                }
            }
        }
        return byKind;
    }
}
