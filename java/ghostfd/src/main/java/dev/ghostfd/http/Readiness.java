/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import dev.ghostfd.leak.NodeView;
import dev.ghostfd.leak.TracerStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Whether what is shown can be relied on, and in words why not. Thread-safe. */
final class Readiness {
    private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LongSupplier nanoTime;
    private long lastView = Long.MIN_VALUE;
    private long lastChange;

    /** @param nanoTime as {@link System#nanoTime} */
    Readiness(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** All that stands in the way, empty when ready. */
    List<String> obstacles(NodeView node) {
        TracerStatus status = node.status();
        List<String> obstacles = new ArrayList<>();
        if (!status.baselineDone()) {
            obstacles.add("baseline not done");
        }
        status.programs().stream()
                .filter(program -> program.required() && !program.attached())
                .forEach(program -> obstacles.add("program " + program.name() + " not attached"));
        if (status.baselineDone() && !status.complete()) {
            obstacles.add("events lost, healing");
        }
        if (!status.consumerKeepsUp()) {
            obstacles.add("consumer lags by %.1f s".formatted(status.lagSeconds()));
        }
        long stale = secondsUnchanged(node);
        if (stale > 0) {
            obstacles.add("nothing published for " + stale + " s");
        }
        return obstacles;
    }

    /** Views come at least once a second; 0 unless the same one is still there long after it was first seen. */
    private synchronized long secondsUnchanged(NodeView node) {
        long now = nanoTime.getAsLong();
        if (node.time() != lastView) {
            lastView = node.time();
            lastChange = now;
        }
        long unchanged = now - lastChange;
        return unchanged > STALE_NANOS ? TimeUnit.NANOSECONDS.toSeconds(unchanged) : 0;
    }
}
