/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.util.ArrayList;
import java.util.List;

/** The samples of one metric while a scrape is put together. */
final class Family {
    private final Metric metric;
    private final List<Sample> samples = new ArrayList<>();

    Family(Metric metric) {
        this.metric = metric;
    }

    /** Adds a sample; label values in the order of {@link Metric#labels}. */
    Family add(double value, List<String> labelValues) {
        samples.add(new Sample(metric.metricName(), metric.labels(), labelValues, value));
        return this;
    }

    Family add(double value, String... labelValues) {
        return add(value, List.of(labelValues));
    }

    /** Adds the series of one histogram; {@code counts} are per bucket, the last one without an upper bound. */
    void addHistogram(List<Double> bounds, List<Long> counts, double sum, List<String> labelValues) {
        List<String> bucketLabels = with(metric.labels(), "le");
        long cumulative = 0;
        for (int i = 0; i < counts.size(); i++) {
            cumulative += counts.get(i);
            double bound = i < bounds.size() ? bounds.get(i) : Double.POSITIVE_INFINITY;
            samples.add(new Sample(
                    metric.metricName() + "_bucket",
                    bucketLabels,
                    with(labelValues, Collector.doubleToGoString(bound)),
                    cumulative));
        }
        samples.add(new Sample(metric.metricName() + "_count", metric.labels(), labelValues, cumulative));
        samples.add(new Sample(metric.metricName() + "_sum", metric.labels(), labelValues, sum));
    }

    /** Hands the family on, unless it has no samples: a metric without data is absent. */
    void into(List<MetricFamilySamples> families) {
        if (!samples.isEmpty()) {
            families.add(new MetricFamilySamples(metric.metricName(), metric.type(), metric.help(), samples));
        }
    }

    static List<String> with(List<String> values, String... more) {
        List<String> all = new ArrayList<>(values.size() + more.length);
        all.addAll(values);
        all.addAll(List.of(more));
        return all;
    }
}
