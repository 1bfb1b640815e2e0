/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import dev.ghostfd.attribution.Attribution;
import dev.ghostfd.attribution.CallSites;
import dev.ghostfd.event.BootClock;
import dev.ghostfd.leak.NodeView;
import dev.ghostfd.lifecycle.ProcessDetail;
import dev.ghostfd.metrics.BuildInfo;
import dev.ghostfd.metrics.MetricsExporter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where the server takes what it shows. All are called from its rendering threads, never from the event loop, but for
 * {@code node}, which must not block.
 *
 * @param node the latest published view; before the first there is an empty one that is not ready
 * @param detail asks the consumer thread for one process by pid; empty when it is not tracked
 */
public record Sources(
        Supplier<NodeView> node,
        Function<Integer, CompletableFuture<Optional<ProcessDetail>>> detail,
        Attribution attribution,
        CallSites callSites,
        BootClock clock,
        MetricsExporter metrics,
        Daemon daemon) {

    /**
     * What does not change while the daemon runs.
     *
     * @param kernel the release of the running kernel
     * @param startedAt CLOCK_BOOTTIME nanoseconds
     * @param limits caps outside the server by name, for the status page
     */
    public record Daemon(BuildInfo build, String kernel, long startedAt, Map<String, Long> limits) {}
}
