/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.attribution.Attribution;
import dev.ghostfd.attribution.CallSites;
import dev.ghostfd.event.BootClock;
import dev.ghostfd.http.HttpServer;
import dev.ghostfd.http.Limits;
import dev.ghostfd.http.ListenAddress;
import dev.ghostfd.http.Sources;
import dev.ghostfd.http.access.Access;
import dev.ghostfd.kernel.BootTime;
import dev.ghostfd.leak.CommFilter;
import dev.ghostfd.leak.NodeView;
import dev.ghostfd.leak.Tracing;
import dev.ghostfd.lifecycle.ProcessDetail;
import dev.ghostfd.metrics.BuildInfo;
import dev.ghostfd.metrics.MetricsExporter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** The HTTP server and what it shows: nothing until tracing has begun, then what the consumer thread publishes. */
final class Outlets implements AutoCloseable {
    private final FutureTask<HttpServer> server;
    private final CommFilter filter;
    private volatile Optional<Tracing> tracing = Optional.empty();
    private volatile CallSites callSites = CallSites.NONE;

    /** @param access this one's to close */
    Outlets(ListenAddress address, Access access, int maxSeries, Attribution attribution, CommFilter filter) {
        this.filter = filter;
        server = new FutureTask<>(
                () -> HttpServer.start(address, sources(maxSeries, attribution), Limits.DEFAULT, access));
    }

    /** Starts to listen on a thread of its own; fails with an IOException where that cannot be done. */
    Future<?> start() {
        new Thread(server, "listen").start();
        return server;
    }

    /** From now on requests see this. */
    void show(Tracing shown, CallSites sites) {
        tracing = Optional.of(shown);
        callSites = sites;
    }

    /** Once {@link #start} has succeeded. */
    int port() {
        return server.resultNow().port();
    }

    private NodeView view() {
        return tracing.map(running -> filter.apply(running.view())).orElseGet(() -> NodeView.starting(BootTime.now()));
    }

    private CompletableFuture<Optional<ProcessDetail>> describe(int pid) {
        return tracing.map(running -> running.describe(pid).thenApply(found -> found.filter(filter::admits)))
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
    }

    private Sources sources(int maxSeries, Attribution attribution) {
        BuildInfo build = new BuildInfo(VersionProvider.version(), VersionProvider.revision());
        return new Sources(
                this::view,
                this::describe,
                attribution,
                stack -> callSites.resolve(stack),
                new BootClock(BootTime.wallClockOffset()),
                new MetricsExporter(this::view, attribution, build, maxSeries),
                new Sources.Daemon(
                        build, System.getProperty("os.version"), BootTime.now(), Map.of("workloadSeries", (long)
                                maxSeries)));
    }

    /** Closes the server, also one that is only just starting. */
    @Override
    public void close() {
        try {
            server.get().close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException neverListened) {
            /* Whoever waited for it has been told. */
        }
    }
}
