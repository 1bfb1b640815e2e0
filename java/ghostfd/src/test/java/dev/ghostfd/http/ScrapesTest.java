/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.leak.NodeView;
import dev.ghostfd.metrics.BuildInfo;
import dev.ghostfd.metrics.MetricsExporter;
import dev.ghostfd.metrics.SampleNode;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ScrapesTest {
    private static final Request TEXT = new Request("/metrics", Map.of(), "", false, List.of());

    private final AtomicLong nanos = new AtomicLong();
    private final Queue<Runnable> work = new ArrayDeque<>();
    private final NodeView node = new SampleNode().view();
    private final Scrapes scrapes = new Scrapes(
            new MetricsExporter(() -> node, SampleNode.ATTRIBUTION, new BuildInfo("1", "a"), 500),
            work::add,
            nanos::get);

    @Test
    void everybodyWhoAsksMeanwhileGetsTheSameScrape() {
        CompletableFuture<Answer> first = scrapes.answer(TEXT);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));

        assertThat(scrapes.answer(TEXT)).isSameAs(first).isNotDone();
        assertThat(work).hasSize(1);
    }

    @Test
    void aScrapeIsReusedForASecond() {
        CompletableFuture<Answer> first = scrapes.answer(TEXT);
        work.remove().run();

        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(999));
        assertThat(scrapes.answer(TEXT)).isSameAs(first);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
        assertThat(scrapes.answer(TEXT)).isNotSameAs(first);
    }
}
