/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import dev.ghostfd.metrics.MetricsExporter;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * {@code /metrics}: one scrape is rendered at a time and serves everybody who asks while it is made and for a second
 * after it was begun. Thread-safe.
 */
final class Scrapes {
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private record Form(String contentType, boolean gzip) {}

    private record Scrape(CompletableFuture<Answer> answer, long begun) {
        boolean serves(long now) {
            return !answer.isDone() || (!answer.isCompletedExceptionally() && now - begun < FRESH_NANOS);
        }
    }

    private final MetricsExporter metrics;
    private final Executor worker;
    private final LongSupplier nanoTime;
    private final Map<Form, Scrape> latest = new HashMap<>();

    /**
     * @param worker a single thread
     * @param nanoTime as {@link System#nanoTime}
     */
    Scrapes(MetricsExporter metrics, Executor worker, LongSupplier nanoTime) {
        this.metrics = metrics;
        this.worker = worker;
        this.nanoTime = nanoTime;
    }

    synchronized CompletableFuture<Answer> answer(Request request) {
        Form form = new Form(metrics.contentType(request.accept()), request.gzip());
        long now = nanoTime.getAsLong();
        latest.values().removeIf(scrape -> !scrape.serves(now));
        Scrape scrape = latest.get(form);
        if (scrape == null) {
            scrape = new Scrape(CompletableFuture.supplyAsync(() -> render(form), worker), now);
            latest.put(form, scrape);
        }
        return scrape.answer();
    }

    private Answer render(Form form) {
        Body body =
                Body.render(form.gzip(), new BodyBudget(Long.MAX_VALUE), out -> metrics.write(form.contentType(), out));
        return new Answer(HttpResponseStatus.OK, form.contentType(), body, true);
    }
}
