/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.metrics;

import dev.ghostfd.attribution.Attribution;
import dev.ghostfd.leak.NodeView;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.prometheus.client.hotspot.BufferPoolsExports;
import io.prometheus.client.hotspot.ClassLoadingExports;
import io.prometheus.client.hotspot.GarbageCollectorExports;
import io.prometheus.client.hotspot.MemoryPoolsExports;
import io.prometheus.client.hotspot.StandardExports;
import io.prometheus.client.hotspot.ThreadExports;
import io.prometheus.client.hotspot.VersionInfoExports;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * Writes all metrics as Prometheus reads them. Thread-safe, one scrape at a time; a scrape takes milliseconds and asks
 * {@link Attribution}, so keep it off an event loop.
 */
public final class MetricsExporter {
    private final CollectorRegistry registry = new CollectorRegistry();
    private boolean jvmRegistered;

    /**
     * @param node the latest published view
     * @param maxSeries how many workloads get series of their own (--max-series), at least 1
     */
    public MetricsExporter(Supplier<NodeView> node, Attribution attribution, BuildInfo build, int maxSeries) {
        if (maxSeries < 1) {
            throw new IllegalArgumentException("--max-series must be at least 1, not " + maxSeries);
        }
        registry.register(new NodeCollector(node, attribution, build, maxSeries));
    }

    /** The content type to answer an Accept header with: OpenMetrics if it is asked for, else text 0.0.4. */
    public String contentType(String accept) {
        return TextFormat.chooseContentType(accept);
    }

    /** Writes one scrape in UTF-8, in the format of a type from {@link #contentType}. Does not close the stream. */
    public synchronized void write(String contentType, OutputStream out) throws IOException {
        registerJvm();
        Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        TextFormat.writeFormat(contentType, writer, registry.metricFamilySamples());
        writer.flush();
    }

    /** At the first scrape and not before: these load the JVM's management classes, which would delay the start. */
    private void registerJvm() {
        if (jvmRegistered) {
            return;
        }
        jvmRegistered = true;
        new StandardExports().register(registry);
        new MemoryPoolsExports().register(registry);
        new BufferPoolsExports().register(registry);
        new GarbageCollectorExports().register(registry);
        new ThreadExports().register(registry);
        new ClassLoadingExports().register(registry);
        new VersionInfoExports().register(registry);
    }
}
