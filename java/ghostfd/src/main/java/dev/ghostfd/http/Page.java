/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * {@code /}: the page for people, and the files it loads. They are read from the jar at the first request, since on most
 * nodes nobody ever looks. Thread-safe.
 */
final class Page {
    private final Executor workers;
    private Optional<CompletableFuture<Map<String, PageFile>>> files = Optional.empty();

    /** @param workers for reading and compressing, which is not for the event loop */
    Page(Executor workers) {
        this.workers = workers;
    }

    /** The file at the request's path; fails with {@link HttpError} 404 for every path that is not the page's. */
    CompletableFuture<Answer> answer(Request request) {
        return files().thenApply(byPath -> Optional.ofNullable(byPath.get(request.path()))
                .map(file -> file.answer(request))
                .orElseThrow(
                        () -> new HttpError(HttpResponseStatus.NOT_FOUND, "nothing here; / links to what there is")));
    }

    private synchronized CompletableFuture<Map<String, PageFile>> files() {
        if (files.isEmpty() || files.get().isCompletedExceptionally()) {
            files = Optional.of(CompletableFuture.supplyAsync(PageFiles::load, workers));
        }
        return files.get();
    }
}
