/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import java.util.List;
import java.util.Map;

/**
 * The tracer's own health.
 *
 * @param baselineDone whether the first snapshot has been merged
 * @param complete false from a loss of events until a snapshot has healed the tables
 * @param consumerKeepsUp false while the consumer lags by more than a second
 * @param programs every program or tracepoint with whether it is attached, and whether ghostfd needs it
 * @param ringBytes size of the ring buffer
 * @param ringUsedBytes bytes waiting in it at publication
 * @param events by event type, since start
 * @param resyncs snapshots taken to heal, by reason
 * @param repairs what a snapshot found that events had not told, by kind
 * @param lagSeconds age of the newest event when it was consumed
 * @param lifetimes how long descriptors lived, by kind
 */
public record TracerStatus(
        boolean baselineDone,
        boolean complete,
        boolean consumerKeepsUp,
        List<Program> programs,
        long ringBytes,
        long ringUsedBytes,
        Map<String, Long> events,
        List<Loss> losses,
        Map<String, Long> resyncs,
        Map<String, Long> repairs,
        long trackedProcesses,
        long trackedDescriptors,
        double lagSeconds,
        Map<String, LifetimeHistogram> lifetimes) {

    /**
     * A tracing program.
     *
     * @param required whether the state is incomplete without it; others are absent on older kernels
     */
    public record Program(String name, boolean attached, boolean required) {}

    /**
     * Events that never arrived.
     *
     * @param stage {@code kernel} or {@code reader}
     */
    public record Loss(String stage, String reason, long count) {}

    /**
     * Lifetimes of descriptors of one kind.
     *
     * @param bounds upper bounds in seconds, ascending, without infinity
     * @param counts per bucket, not cumulative, one longer than bounds
     */
    public record LifetimeHistogram(List<Double> bounds, List<Long> counts, double sumSeconds) {}

    static TracerStatus starting() {
        return new TracerStatus(
                false, false, true, List.of(), 0, 0, Map.of(), List.of(), Map.of(), Map.of(), 0, 0, 0, Map.of());
    }

    /** Ready to be relied on: every needed program attached, baseline done, nothing lost, keeping up. */
    public boolean isReady() {
        return baselineDone
                && complete
                && consumerKeepsUp
                && programs.stream().allMatch(program -> program.attached() || !program.required());
    }
}
