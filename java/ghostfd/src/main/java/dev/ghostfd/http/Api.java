/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import dev.ghostfd.leak.NodeView;
import dev.ghostfd.lifecycle.ProcessDetail;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** {@code /api/v1}. Parameters are checked on the caller's thread, answers are rendered on the workers. Thread-safe. */
final class Api {
    private final Sources sources;
    private final StatusPage status;
    private final Executor workers;
    private final BodyBudget budget;
    private final Duration detailTimeout;
    private final LeakList leaks;
    private final SiteList sites;
    private final ProcessList processes;

    Api(Sources sources, StatusPage status, Executor workers, BodyBudget budget, Duration detailTimeout) {
        this.sources = sources;
        this.status = status;
        this.workers = workers;
        this.budget = budget;
        this.detailTimeout = detailTimeout;
        Names names = new Names(sources.attribution(), sources.callSites(), sources.clock());
        this.leaks = new LeakList(names);
        this.sites = new SiteList(names);
        this.processes = new ProcessList(names);
    }

    CompletableFuture<Answer> leaks(Request request) {
        ListQuery query = leaks.parse(request);
        return render(request, (node, json) -> leaks.answer(node, query, json));
    }

    CompletableFuture<Answer> sites(Request request) {
        ListQuery query = sites.parse(request);
        return render(request, (node, json) -> sites.answer(node, query, json));
    }

    CompletableFuture<Answer> processes(Request request) {
        ListQuery query = processes.parse(request);
        return render(request, (node, json) -> processes.answer(node, query, json));
    }

    CompletableFuture<Answer> status(Request request) {
        ListQuery.refuseAny(request);
        return render(request, status::answer);
    }

    /** One process, asked from the consumer thread. Fails with TimeoutException when that does not answer in time. */
    CompletableFuture<Answer> process(Request request, String pidText) {
        int pid = ListQuery.number("pid", pidText, Integer.MAX_VALUE);
        ListQuery query = ProcessList.parseDetail(request);
        return CompletableFuture.completedFuture(pid)
                .thenComposeAsync(this::ask, workers)
                .thenApplyAsync(
                        found -> {
                            ProcessDetail detail = tracked(found, pid);
                            return document(request, json -> processes.answer(detail, query, json));
                        },
                        workers);
    }

    /** A copy, so that giving up leaves the consumer thread's own future alone. */
    private CompletableFuture<Optional<ProcessDetail>> ask(int pid) {
        return sources.detail().apply(pid).copy().orTimeout(detailTimeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static ProcessDetail tracked(Optional<ProcessDetail> found, int pid) {
        return found.orElseThrow(
                () -> new HttpError(HttpResponseStatus.NOT_FOUND, "no process with pid " + pid + " is tracked"));
    }

    private interface Document {
        JsonWriter.Content of(NodeView node, JsonWriter json);
    }

    private CompletableFuture<Answer> render(Request request, Document document) {
        return CompletableFuture.supplyAsync(
                () -> document(request, json -> document.of(sources.node().get(), json)), workers);
    }

    private Answer document(Request request, Function<JsonWriter, JsonWriter.Content> document) {
        return Answer.ok(Answer.JSON, Body.render(request.gzip(), budget, out -> {
            try (JsonWriter json = JsonWriter.to(out)) {
                json.object(document.apply(json));
            }
        }));
    }
}
