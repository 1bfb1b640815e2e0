/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.metrics;

import static dev.ghostfd.metrics.SampleNode.ATTRIBUTION;
import static dev.ghostfd.metrics.SampleNode.IN_CONTAINER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ghostfd.event.Kind;
import dev.ghostfd.leak.Confidence;
import dev.ghostfd.leak.NodeView;
import dev.ghostfd.leak.Rule;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MetricsExporterTest {
    private final AtomicReference<NodeView> node = new AtomicReference<>();

    @Test
    void countsLeakedDescriptorsByWorkloadRuleKindAndConfidence() {
        List<String> lines = scrape(new SampleNode()
                .orphanedPipe(4242, "agent", IN_CONTAINER, 17, Confidence.CONFIRMED)
                .orphanedPipe(4242, "agent", IN_CONTAINER, 18, Confidence.CONFIRMED)
                .orphanedPipe(4242, "agent", IN_CONTAINER, 19, Confidence.SUSPECTED));

        String labels = "namespace=\"prod\",pod=\"shop-1\",container=\"web\",comm=\"agent\",rule=\"orphaned-pipe\"";
        assertThat(lines)
                .contains(
                        "ghostfd_leaked_descriptors{" + labels + ",kind=\"pipe\",confidence=\"confirmed\",} 2.0",
                        "ghostfd_leaked_descriptors{" + labels + ",kind=\"pipe\",confidence=\"suspected\",} 1.0",
                        "ghostfd_oldest_leak_age_seconds{" + labels + ",} 19.0");
    }

    @Test
    void zombiesHaveTheirOwnMetricAndAreNoDescriptors() {
        List<String> lines =
                scrape(new SampleNode().zombie(7, "init", 8).total("init", 0, Rule.UNREAPED_CHILD, Kind.PROCESS, 5, 4));

        assertThat(lines)
                .contains(
                        "ghostfd_unreaped_children{" + host("init") + ",} 1.0",
                        "ghostfd_leaks_detected_total{" + host("init")
                                + ",rule=\"unreaped-child\",kind=\"process\",} 5.0",
                        "ghostfd_leaks_resolved_total{" + host("init")
                                + ",rule=\"unreaped-child\",kind=\"process\",} 4.0")
                .noneMatch(line -> line.startsWith("ghostfd_leaked_descriptors{"));
    }

    @Test
    void goesBackToZeroWhenTheLeaksAreGone() {
        MetricsExporter exporter = exporter(500);
        scrape(
                exporter,
                new SampleNode()
                        .orphanedPipe(1, "agent", 0, 3, Confidence.CONFIRMED)
                        .zombie(1, "agent", 2));

        List<String> lines = scrape(
                exporter,
                new SampleNode()
                        .total("agent", 0, Rule.ORPHANED_PIPE, Kind.PIPE, 1, 1)
                        .total("agent", 0, Rule.UNREAPED_CHILD, Kind.PROCESS, 1, 1));

        assertThat(lines)
                .contains(
                        "ghostfd_leaked_descriptors{" + host("agent")
                                + ",rule=\"orphaned-pipe\",kind=\"pipe\",confidence=\"confirmed\",} 0.0",
                        "ghostfd_unreaped_children{" + host("agent") + ",} 0.0")
                .noneMatch(line -> line.startsWith("ghostfd_oldest_leak_age_seconds{"));
        assertThat(scrape(exporter, new SampleNode()))
                .as("forgotten once the model no longer names the workload")
                .noneMatch(line -> line.contains("comm=\"agent\""));
    }

    @Test
    void takesTheWorstLimitRatioAndLeavesOutWhatIsUnknown() {
        List<String> lines = scrape(new SampleNode()
                .process(1, "db", 0, 10, 100)
                .process(2, "db", 0, 90, 100)
                .process(3, "idle", 0, 5, 0));

        assertThat(lines)
                .contains(
                        "ghostfd_worst_limit_ratio{" + host("db") + ",} 0.9",
                        "ghostfd_open_descriptors{" + host("db") + ",kind=\"pipe\",} 100.0")
                .noneMatch(line -> line.startsWith("ghostfd_worst_limit_ratio{" + host("idle")))
                .noneMatch(line -> line.contains("ghostfd_exhaustion_seconds"));
    }

    @Test
    void tellsOfTheTracersOwnHealth() {
        assertThat(scrape(new SampleNode()))
                .contains(
                        "ghostfd_events_total{type=\"open\",} 12.0",
                        "ghostfd_events_lost_total{stage=\"kernel\",reason=\"full\",} 2.0",
                        "ghostfd_resyncs_total{reason=\"lost\",} 1.0",
                        "ghostfd_repairs_total{kind=\"file\",} 3.0",
                        "ghostfd_ring_buffer_bytes 1.6777216E7",
                        "ghostfd_ring_buffer_used_bytes 4096.0",
                        "ghostfd_event_lag_seconds 0.25",
                        "ghostfd_tracked_processes 42.0",
                        "ghostfd_tracked_descriptors 420.0",
                        "ghostfd_program_attached{program=\"sys_exit_openat\",} 1.0",
                        "ghostfd_program_attached{program=\"sys_exit_pidfd_open\",} 0.0",
                        "ghostfd_state_complete 1.0",
                        "ghostfd_series_collapsed 0.0",
                        "ghostfd_build_info{version=\"1.2.3\",revision=\"abc\",} 1.0",
                        "ghostfd_descriptor_lifetime_seconds_bucket{kind=\"pipe\",le=\"0.1\",} 4.0",
                        "ghostfd_descriptor_lifetime_seconds_bucket{kind=\"pipe\",le=\"1.0\",} 6.0",
                        "ghostfd_descriptor_lifetime_seconds_bucket{kind=\"pipe\",le=\"+Inf\",} 7.0",
                        "ghostfd_descriptor_lifetime_seconds_count{kind=\"pipe\",} 7.0",
                        "ghostfd_descriptor_lifetime_seconds_sum{kind=\"pipe\",} 9.5")
                .anyMatch(line -> line.startsWith("jvm_memory_pool_bytes_used{"))
                .anyMatch(line -> line.startsWith("process_cpu_seconds_total "));
    }

    @Test
    void collapsesTheSmallestWorkloadsButNeverALeakingOne() {
        List<String> lines = scrape(
                exporter(2),
                new SampleNode()
                        .process(1, "big", 0, 500, 1024)
                        .process(2, "middle", 0, 50, 1024)
                        .process(3, "small", 0, 5, 1024)
                        .process(4, "leaky", 0, 1, 1024)
                        .orphanedPipe(4, "leaky", 0, 3, Confidence.CONFIRMED));

        assertThat(lines)
                .contains(
                        "ghostfd_series_collapsed 2.0",
                        "ghostfd_open_descriptors{" + host("big") + ",kind=\"pipe\",} 500.0",
                        "ghostfd_open_descriptors{" + host("leaky") + ",kind=\"pipe\",} 1.0",
                        "ghostfd_open_descriptors{" + host("other") + ",kind=\"pipe\",} 55.0");
    }

    @Test
    void keepsAWorkloadsSeriesUntilAClearlyLargerOneNeedsThePlace() {
        MetricsExporter exporter = exporter(1);
        scrape(exporter, new SampleNode().process(1, "first", 0, 50, 1024));

        assertThat(scrape(
                        exporter,
                        new SampleNode().process(1, "first", 0, 50, 1024).process(2, "rival", 0, 90, 1024)))
                .contains("ghostfd_open_descriptors{" + host("first") + ",kind=\"pipe\",} 50.0");
        assertThat(scrape(
                        exporter,
                        new SampleNode().process(1, "first", 0, 50, 1024).process(2, "rival", 0, 101, 1024)))
                .contains("ghostfd_open_descriptors{" + host("rival") + ",kind=\"pipe\",} 101.0");
    }

    @Test
    void countersNeverFallWhileWorkloadsMoveInAndOutOfOther() {
        MetricsExporter exporter = exporter(1);
        String own = "ghostfd_leaks_detected_total{" + host("b") + ",rule=\"orphaned-pipe\",kind=\"pipe\",} ";
        String other = "ghostfd_leaks_detected_total{" + host("other") + ",rule=\"orphaned-pipe\",kind=\"pipe\",} ";

        assertThat(scrape(exporter, twoWorkloads(10, 1, 4))).contains(other + "4.0");
        assertThat(scrape(exporter, twoWorkloads(10, 100, 9))).contains(own + "5.0", other + "4.0");
        assertThat(scrape(exporter, twoWorkloads(1000, 1, 12))).contains(other + "7.0");
    }

    private static SampleNode twoWorkloads(int openA, int openB, long detectedB) {
        return new SampleNode()
                .process(1, "a", 0, openA, 1024)
                .process(2, "b", 0, openB, 1024)
                .total("b", 0, Rule.ORPHANED_PIPE, Kind.PIPE, detectedB, 0);
    }

    @Test
    void aProgramCalledOtherSharesItsSeriesWithTheCollapsed() {
        assertThat(scrape(
                        exporter(1),
                        new SampleNode().process(1, "other", 0, 50, 1024).process(2, "small", 0, 5, 1024)))
                .containsOnlyOnce("ghostfd_open_descriptors{" + host("other") + ",kind=\"pipe\",} 55.0");
    }

    @Test
    void writesOpenMetricsWhenAskedFor() {
        MetricsExporter exporter = exporter(500);
        String contentType = exporter.contentType("application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
        assertThat(contentType).isEqualTo(TextFormat.CONTENT_TYPE_OPENMETRICS_100);

        List<String> lines = scrape(exporter, new SampleNode(), contentType);

        assertThat(lines).contains("# TYPE ghostfd_events counter", "ghostfd_events_total{type=\"open\"} 12.0");
        assertThat(lines.get(lines.size() - 1)).isEqualTo("# EOF");
    }

    @Test
    void everyMetricHasAHelpTextThatSaysMoreThanItsName() {
        assertThat(Metric.values()).allSatisfy(metric -> {
            assertThat(metric.metricName()).startsWith("ghostfd_").doesNotContain("__");
            assertThat(metric.help()).hasSizeGreaterThan(30).endsWith(".");
            assertThat(metric.labels()).doesNotContain("pid", "fd", "inode", "path");
        });
    }

    @Test
    void refusesARosterWithoutPlaces() {
        assertThatThrownBy(() -> exporter(0)).hasMessageContaining("--max-series");
    }

    private static String host(String comm) {
        return "namespace=\"\",pod=\"\",container=\"\",comm=\"" + comm + "\"";
    }

    private MetricsExporter exporter(int maxSeries) {
        return new MetricsExporter(node::get, ATTRIBUTION, new BuildInfo("1.2.3", "abc"), maxSeries);
    }

    private List<String> scrape(SampleNode sample) {
        return scrape(exporter(500), sample);
    }

    private List<String> scrape(MetricsExporter exporter, SampleNode sample) {
        return scrape(exporter, sample, TextFormat.CONTENT_TYPE_004);
    }

    private List<String> scrape(MetricsExporter exporter, SampleNode sample, String contentType) {
        node.set(sample.view());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            exporter.write(contentType, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
