/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.metrics;

import static dev.ghostfd.metrics.SampleNode.ATTRIBUTION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.attribution.Attribution;
import dev.ghostfd.attribution.BlockedThread;
import dev.ghostfd.attribution.Language;
import dev.ghostfd.attribution.Workload;
import dev.ghostfd.attribution.container.Container;
import dev.ghostfd.event.Kind;
import dev.ghostfd.leak.Confidence;
import dev.ghostfd.leak.Rule;
import dev.ghostfd.lifecycle.ProcessId;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Workloads come and go; series stay few, and counters never fall. */
class BoundedSeriesTest {
    private static final String DETECTED = "ghostfd_leaks_detected_total";
    private static final long HOST_SESSION = 1_000_000;

    private final AtomicReference<SampleNode> node = new AtomicReference<>(new SampleNode());
    private final PodPerCgroup attribution = new PodPerCgroup();

    /** Nearly each cgroup is a pod's; those in {@code pending} are still being named. */
    private static final class PodPerCgroup implements Attribution {
        private final Set<Long> pending = new HashSet<>();

        @Override
        public Optional<String> executable(ProcessId process) {
            return ATTRIBUTION.executable(process);
        }

        @Override
        public Language language(ProcessId process) {
            return ATTRIBUTION.language(process);
        }

        @Override
        public Optional<String> cgroupPath(long cgroup) {
            return ATTRIBUTION.cgroupPath(cgroup);
        }

        @Override
        public Optional<Container> container(long cgroup) {
            return Optional.empty();
        }

        @Override
        public boolean isPending(long cgroup) {
            return pending.contains(cgroup);
        }

        @Override
        public Workload workload(String comm, long cgroup) {
            return cgroup == 0 || cgroup == HOST_SESSION
                    ? Workload.ofHost(comm)
                    : new Workload("prod", "pod-" + cgroup, "main", comm);
        }

        @Override
        public Optional<List<String>> arguments(ProcessId process) {
            return ATTRIBUTION.arguments(process);
        }

        @Override
        public Optional<Boolean> closeOnExec(ProcessId process, int fd) {
            return Optional.empty();
        }

        @Override
        public Optional<String> threadName(int tid, long livedAt) {
            return Optional.empty();
        }

        @Override
        public Optional<BlockedThread> blockedOn(ProcessId process, int fd) {
            return Optional.empty();
        }
    }

    private MetricsExporter exporter(int maxSeries) {
        return new MetricsExporter(() -> node.get().view(), attribution, new BuildInfo("1", "a"), maxSeries);
    }

    /** The samples of ghostfd's own workload metrics, by name and labels. */
    private Map<String, Double> scrape(MetricsExporter exporter, SampleNode sample) {
        node.set(sample);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            exporter.write(TextFormat.CONTENT_TYPE_004, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Double> samples = new HashMap<>();
        out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("ghostfd_") && line.contains("{namespace="))
                .forEach(line -> {
                    int blank = line.lastIndexOf(' ');
                    samples.put(line.substring(0, blank), Double.parseDouble(line.substring(blank + 1)));
                });
        return samples;
    }

    private static double sum(Map<String, Double> samples, String metric) {
        return samples.entrySet().stream()
                .filter(sample -> sample.getKey().startsWith(metric + "{"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private static long workloads(Map<String, Double> samples) {
        return samples.keySet().stream()
                .map(name -> name.replaceAll(".*pod=\"([^\"]*)\".*comm=\"([^\"]*)\".*", "$1/$2"))
                .distinct()
                .count();
    }

    @Test
    void aStormOfTenThousandContainersKeepsSeriesFewAndEveryCounterRising() {
        MetricsExporter exporter = exporter(50);
        Map<String, Double> before = Map.of();
        int alive = 100;
        for (int first = 1; first + alive <= 10_000; first += alive) {
            SampleNode now = new SampleNode();
            /* What the registry tells apart, as it would: the newest four thousand, and the rest in one. */
            int toldApart = Math.max(1, first - 4000);
            for (int pod = toldApart; pod < first + alive; pod++) {
                now.total("job", pod, Rule.ORPHANED_PIPE, Kind.PIPE, 1, pod < first ? 1 : 0);
            }
            now.total("", 0, Rule.ORPHANED_PIPE, Kind.PIPE, toldApart - 1, toldApart - 1);
            for (int pod = first; pod < first + alive; pod++) {
                now.process(pod, "job", pod, 5, 1024).orphanedPipe(pod, "job", pod, 3, Confidence.CONFIRMED);
            }
            Map<String, Double> after = scrape(exporter, now);

            assertThat(workloads(after)).as("workloads with series").isLessThanOrEqualTo(51);
            assertThat(sum(after, "ghostfd_leaked_descriptors")).isEqualTo(alive);
            assertNoCounterFell(before, after);
            before = after;
        }
    }

    private static void assertNoCounterFell(Map<String, Double> before, Map<String, Double> after) {
        before.forEach((name, value) -> {
            if (name.contains("_total{") && after.containsKey(name)) {
                assertThat(after.get(name)).as(name).isGreaterThanOrEqualTo(value);
            }
        });
    }

    @Test
    void aWorkloadsCounterStaysWhenOneOfItsCgroupsIsNoLongerToldApart() {
        MetricsExporter exporter = exporter(50);
        SampleNode both = new SampleNode().process(1, "cron", 0, 5, 1024);
        both.total("cron", 0, Rule.ORPHANED_PIPE, Kind.PIPE, 3, 3);
        both.total("cron", HOST_SESSION, Rule.ORPHANED_PIPE, Kind.PIPE, 2, 2);
        double first = sum(scrape(exporter, both), DETECTED);

        SampleNode one = new SampleNode().process(1, "cron", 0, 5, 1024);
        one.total("cron", 0, Rule.ORPHANED_PIPE, Kind.PIPE, 4, 3);
        one.total("", 0, Rule.ORPHANED_PIPE, Kind.PIPE, 2, 2);
        Map<String, Double> second = scrape(exporter, one);

        assertThat(first).isEqualTo(5);
        assertThat(second.get(DETECTED + labels("", "", "", "cron") + ",rule=\"orphaned-pipe\",kind=\"pipe\",}"))
                .isEqualTo(6);
        assertThat(second)
                .as("what was shown is not counted again")
                .noneSatisfy((name, value) -> assertThat(name).contains("comm=\"other\""));
    }

    @Test
    void whatCameAndWentBetweenTwoScrapesIsCountedInOther() {
        MetricsExporter exporter = exporter(50);
        scrape(exporter, new SampleNode().process(1, "web", 0, 5, 1024));

        SampleNode later = new SampleNode().process(1, "web", 0, 5, 1024);
        later.total("", 0, Rule.ORPHANED_PIPE, Kind.PIPE, 6, 6);

        String other = DETECTED + labels("", "", "", "other") + ",rule=\"orphaned-pipe\",kind=\"pipe\",}";
        assertThat(scrape(exporter, later)).containsEntry(other, 6.0);
        assertThat(scrape(exporter, later)).as("once").containsEntry(other, 6.0);
    }

    @Test
    void aTotalThatBeganAnewCountsOn() {
        MetricsExporter exporter = exporter(50);
        String web = DETECTED + labels("", "", "", "web") + ",rule=\"orphaned-pipe\",kind=\"pipe\",}";
        SampleNode sample = new SampleNode().process(1, "web", 0, 5, 1024);
        sample.total("web", 0, Rule.ORPHANED_PIPE, Kind.PIPE, 5, 5);
        assertThat(scrape(exporter, sample)).containsEntry(web, 5.0);

        sample = new SampleNode().process(1, "web", 0, 5, 1024);
        sample.total("", 0, Rule.ORPHANED_PIPE, Kind.PIPE, 5, 5).total("web", 0, Rule.ORPHANED_PIPE, Kind.PIPE, 2, 0);

        assertThat(scrape(exporter, sample))
                .containsEntry(web, 7.0)
                .noneSatisfy((name, value) -> assertThat(name).contains("comm=\"other\""));
    }

    @Test
    void aWorkloadThatIsBeingNamedBeginsNoSeriesUntilItIs() {
        MetricsExporter exporter = exporter(50);
        SampleNode sample = new SampleNode().process(1, "web", 7, 5, 1024);
        sample.orphanedPipe(1, "web", 7, 3, Confidence.CONFIRMED).total("web", 7, Rule.ORPHANED_PIPE, Kind.PIPE, 1, 0);
        attribution.pending.add(7L);
        assertThat(scrape(exporter, sample)).isEmpty();

        attribution.pending.clear();
        assertThat(scrape(exporter, sample))
                .containsEntry(
                        DETECTED + labels("prod", "pod-7", "main", "web") + ",rule=\"orphaned-pipe\",kind=\"pipe\",}",
                        1.0)
                .allSatisfy((name, value) -> assertThat(name).contains("pod=\"pod-7\""));
    }

    @Test
    void theSameWorkloadsKeepTheirSeriesFromScrapeToScrape() {
        MetricsExporter exporter = exporter(10);
        Set<String> first = Set.of();
        for (int scrape = 0; scrape < 20; scrape++) {
            SampleNode sample = new SampleNode();
            for (int pod = 1; pod <= 40; pod++) {
                /* All about alike, and never twice the same. */
                sample.process(pod, "web", pod, 100 + (pod * 31 + scrape * 17) % 40, 1024);
            }
            Set<String> names = scrape(exporter, sample).keySet();
            if (scrape > 0) {
                assertThat(names).isEqualTo(first);
            }
            first = names;
        }
    }

    private static String labels(String namespace, String pod, String container, String comm) {
        return "{namespace=\"" + namespace + "\",pod=\"" + pod + "\",container=\"" + container + "\",comm=\"" + comm
                + "\"";
    }
}
