/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.metrics;

import dev.ghostfd.attribution.Attribution;
import dev.ghostfd.leak.NodeView;
import io.prometheus.client.Collector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** ghostfd's own metrics, made anew from the published view at each scrape. Thread-safe. */
final class NodeCollector extends Collector {
    private final Supplier<NodeView> node;
    private final BuildInfo build;
    private final WorkloadSeries workloads;

    NodeCollector(Supplier<NodeView> node, Attribution attribution, BuildInfo build, int maxSeries) {
        this.node = node;
        this.build = build;
        this.workloads = new WorkloadSeries(attribution, maxSeries);
    }

    @Override
    public synchronized List<MetricFamilySamples> collect() {
        NodeView view = node.get();
        List<MetricFamilySamples> families = new ArrayList<>();
        int collapsed = workloads.collect(view, families);
        TracerSeries.collect(view.status(), build, collapsed, families);
        return families;
    }
}
