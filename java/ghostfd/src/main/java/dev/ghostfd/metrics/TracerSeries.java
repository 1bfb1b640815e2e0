/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.metrics;

import dev.ghostfd.leak.TracerStatus;
import io.prometheus.client.Collector.MetricFamilySamples;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The metrics of the tracer's own health. */
@SuppressWarnings("LongDoubleConversion") // Prometheus knows nothing but doubles.
final class TracerSeries {
    private TracerSeries() {}

    static void collect(TracerStatus status, BuildInfo build, int collapsed, List<MetricFamilySamples> into) {
        byName(Metric.EVENTS, status.events()).into(into);
        Family lost = new Family(Metric.EVENTS_LOST);
        status.losses().forEach(loss -> lost.add(loss.count(), loss.stage(), loss.reason()));
        lost.into(into);
        byName(Metric.RESYNCS, status.resyncs()).into(into);
        byName(Metric.REPAIRS, status.repairs()).into(into);
        single(Metric.RING_BUFFER, status.ringBytes()).into(into);
        single(Metric.RING_BUFFER_USED, status.ringUsedBytes()).into(into);
        single(Metric.EVENT_LAG, status.lagSeconds()).into(into);
        single(Metric.TRACKED_PROCESSES, status.trackedProcesses()).into(into);
        single(Metric.TRACKED_DESCRIPTORS, status.trackedDescriptors()).into(into);
        Family programs = new Family(Metric.PROGRAM_ATTACHED);
        status.programs().forEach(program -> programs.add(program.attached() ? 1 : 0, program.name()));
        programs.into(into);
        single(Metric.STATE_COMPLETE, status.complete() ? 1 : 0).into(into);
        single(Metric.SERIES_COLLAPSED, collapsed).into(into);
        new Family(Metric.BUILD_INFO).add(1, build.version(), build.revision()).into(into);
        Family lifetimes = new Family(Metric.DESCRIPTOR_LIFETIME);
        new TreeMap<>(status.lifetimes())
                .forEach((kind, lifetime) -> lifetimes.addHistogram(
                        lifetime.bounds(), lifetime.counts(), lifetime.sumSeconds(), List.of(kind)));
        lifetimes.into(into);
    }

    private static Family single(Metric metric, double value) {
        return new Family(metric).add(value);
    }

    private static Family byName(Metric metric, Map<String, Long> counts) {
        Family family = new Family(metric);
        new TreeMap<>(counts).forEach((name, count) -> family.add(count, name));
        return family;
    }
}
