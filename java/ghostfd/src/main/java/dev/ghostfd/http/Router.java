/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Which path is answered by what. Thread-safe; health checks are answered at once, on the caller's thread. */
final class Router {
    private static final String PROCESS = "/api/v1/processes/";

    private final Sources sources;
    private final Readiness readiness;
    private final Scrapes scrapes;
    private final Api api;
    private final Page page;

    Router(Sources sources, Readiness readiness, Scrapes scrapes, Api api, Page page) {
        this.sources = sources;
        this.readiness = readiness;
        this.scrapes = scrapes;
        this.api = api;
        this.page = page;
    }

    /** The answer, now or later. Throws what the future may fail with too: see {@link Failure}. */
    CompletableFuture<Answer> route(Request request) {
        return switch (request.path()) {
            case "/healthz" -> now(Answer.text(HttpResponseStatus.OK, "ok"));
            case "/readyz" -> now(readyz());
            case "/metrics" -> scrapes.answer(request);
            case "/api/v1/leaks" -> api.leaks(request);
            case "/api/v1/sites" -> api.sites(request);
            case "/api/v1/processes" -> api.processes(request);
            case "/api/v1/status" -> api.status(request);
            default -> {
                if (request.path().startsWith(PROCESS)) {
                    yield api.process(request, request.path().substring(PROCESS.length()));
                }
                yield page.answer(request);
            }
        };
    }

    private Answer readyz() {
        List<String> obstacles = readiness.obstacles(sources.node().get());
        return obstacles.isEmpty()
                ? Answer.text(HttpResponseStatus.OK, "ready")
                : Answer.text(HttpResponseStatus.SERVICE_UNAVAILABLE, "not ready: " + String.join("; ", obstacles));
    }

    private static CompletableFuture<Answer> now(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
