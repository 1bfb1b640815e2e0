/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.metrics;

import dev.ghostfd.leak.Confidence;
import dev.ghostfd.leak.NodeView;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One scrape of a node of 500 workloads with 5,000 leaks. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ScrapeBenchmark {
    private static final int WORKLOADS = 500;
    private static final int LEAKS_EACH = 10;

    private MetricsExporter exporter;

    /** Puts the node together. */
    @Setup
    public void start() {
        SampleNode node = new SampleNode();
        for (int workload = 0; workload < WORKLOADS; workload++) {
            int pid = 1000 + workload;
            String comm = "workload-" + workload;
            node.process(pid, comm, workload, 100, 1024);
            for (int leak = 0; leak < LEAKS_EACH; leak++) {
                node.orphanedPipe(pid, comm, workload, 3 + leak, Confidence.CONFIRMED);
            }
        }
        NodeView view = node.view();
        exporter = new MetricsExporter(() -> view, SampleNode.ATTRIBUTION, new BuildInfo("1", "benchmark"), WORKLOADS);
    }

    /** Rendered, not sent. */
    @Benchmark
    public int scrape() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);
        exporter.write(TextFormat.CONTENT_TYPE_004, out);
        return out.size();
    }
}
