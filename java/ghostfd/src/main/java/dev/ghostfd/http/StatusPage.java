/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import dev.ghostfd.leak.Confidence;
import dev.ghostfd.leak.Leak;
import dev.ghostfd.leak.NodeView;
import dev.ghostfd.leak.Rule;
import dev.ghostfd.leak.TracerStatus;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** {@code /api/v1/status}: the tracer's own health. */
final class StatusPage {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Sources sources;
    private final Readiness readiness;
    private final Supplier<Map<String, Long>> serverCounts;
    private final Map<String, Long> limits;

    /**
     * @param serverCounts what the server has counted of itself
     * @param serverLimits its caps
     */
    StatusPage(
            Sources sources,
            Readiness readiness,
            Supplier<Map<String, Long>> serverCounts,
            Map<String, Long> serverLimits) {
        this.sources = sources;
        this.readiness = readiness;
        this.serverCounts = serverCounts;
        this.limits = new TreeMap<>(sources.daemon().limits());
        this.limits.putAll(serverLimits);
    }

    JsonWriter.Content answer(NodeView node, JsonWriter json) {
        return () -> {
            about(json, node);
            json.object("leaks", () -> leaks(json, node.leaks()));
            tracer(json, node.status());
            counts(json, "http", serverCounts.get());
            counts(json, "limits", limits);
        };
    }

    private void about(JsonWriter json, NodeView node) throws IOException {
        Sources.Daemon daemon = sources.daemon();
        json.text("version", daemon.build().version());
        json.text("revision", daemon.build().revision());
        json.text("kernel", daemon.kernel());
        json.time("startedAt", sources.clock().instant(daemon.startedAt()));
        json.decimal("uptimeSeconds", Math.max(0, node.time() - daemon.startedAt()) / NANOS_PER_SECOND);
        var obstacles = readiness.obstacles(node);
        json.bool("ready", obstacles.isEmpty());
        if (!obstacles.isEmpty()) {
            json.text("notReady", String.join("; ", obstacles));
        }
    }

    /** How many there are, so that nobody has to fetch them to count them. */
    private static void leaks(JsonWriter json, List<Leak> leaks) throws IOException {
        Map<String, Long> byRule = new TreeMap<>();
        for (Rule rule : Rule.values()) {
            byRule.put(rule.label(), 0L);
        }
        long confirmed = 0;
        for (Leak leak : leaks) {
            byRule.merge(leak.rule().label(), (long) leak.count(), Long::sum);
            confirmed += leak.confidence() == Confidence.CONFIRMED ? leak.count() : 0;
        }
        json.number("count", byRule.values().stream().mapToLong(Long::longValue).sum());
        json.number("confirmedCount", confirmed);
        counts(json, "byRule", byRule);
    }

    private static void tracer(JsonWriter json, TracerStatus status) throws IOException {
        json.array("programs", () -> {
            for (TracerStatus.Program program : status.programs()) {
                json.object(() -> {
                    json.text("name", program.name());
                    json.bool("attached", program.attached());
                    json.bool("required", program.required());
                });
            }
        });
        json.object("ringBuffer", () -> {
            json.number("sizeBytes", status.ringBytes());
            json.number("usedBytes", status.ringUsedBytes());
        });
        counts(json, "events", status.events());
        json.array("lost", () -> {
            for (TracerStatus.Loss loss : status.losses()) {
                json.object(() -> {
                    json.text("stage", loss.stage());
                    json.text("reason", loss.reason());
                    json.number("count", loss.count());
                });
            }
        });
        counts(json, "resyncs", status.resyncs());
        counts(json, "repairs", status.repairs());
        json.object("tracked", () -> {
            json.number("processes", status.trackedProcesses());
            json.number("descriptors", status.trackedDescriptors());
        });
        json.bool("stateComplete", status.complete());
        json.decimal("lagSeconds", status.lagSeconds());
    }

    private static void counts(JsonWriter json, String name, Map<String, Long> counts) throws IOException {
        json.object(name, () -> {
            for (var count : new TreeMap<>(counts).entrySet()) {
                json.number(count.getKey(), count.getValue());
            }
        });
    }
}
