/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import dev.ghostfd.http.access.Access;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * ghostfd's HTTP server: metrics, health checks and the JSON API, read only. Two event loops that never block and three
 * threads that render; closing it takes half a second at most.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells listeners and closes the channel.
public final class HttpServer implements AutoCloseable {
    private static final int EVENT_LOOPS = 2;
    private static final int API_THREADS = 2;
    private static final int API_QUEUE = 128;
    private static final int SCRAPE_QUEUE = 8;
    private static final int BACKLOG = 1024;
    private static final int CLOSE_MILLIS = 500;

    private final ExecutorService scraper = Workers.bounded("ghostfd-scrape", 1, SCRAPE_QUEUE);
    private final ExecutorService renderers = Workers.bounded("ghostfd-api", API_THREADS, API_QUEUE);
    private final EventLoopGroup loops;
    private final Connections connections;
    private final Access access;
    private final Channel channel;

    private HttpServer(ListenAddress address, Sources sources, Limits limits, Access access) throws ListenException {
        this.access = access;
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        loops = new MultiThreadIoEventLoopGroup(
                EVENT_LOOPS, new DefaultThreadFactory("ghostfd-http", true), NioIoHandler.newFactory());
        connections = new Connections(limits.connections());
        Initializer initializer = new Initializer(router(sources, limits), connections, access, limits);
        try {
            channel = bind(address, initializer);
        } catch (ListenException e) {
            stopThreads();
            throw e;
        }
    }

    /**
     * Starts to listen.
     *
     * @param access the server's to close from now on
     */
    public static HttpServer start(ListenAddress address, Sources sources, Limits limits, Access access)
            throws ListenException {
        return new HttpServer(address, sources, limits, access);
    }

    private Router router(Sources sources, Limits limits) {
        BodyBudget budget = new BodyBudget(limits.bodyBytes());
        Readiness readiness = new Readiness(System::nanoTime);
        StatusPage status = new StatusPage(
                sources,
                readiness,
                () -> counts(budget),
                Map.of(
                        "httpConnections", (long) limits.connections(),
                        "httpBodyBytes", limits.bodyBytes(),
                        "httpListRows", (long) Limits.LIST_ROWS,
                        "httpDescriptorRows", (long) Limits.DETAIL_ROWS));
        Scrapes scrapes = new Scrapes(sources.metrics(), scraper, System::nanoTime);
        Api api = new Api(sources, status, renderers, budget, limits.detailTimeout());
        return new Router(sources, readiness, scrapes, api, new Page(renderers));
    }

    private Map<String, Long> counts(BodyBudget budget) {
        Map<String, Long> counts = new HashMap<>(access.counts());
        counts.put("connections", (long) connections.open());
        counts.put("connectionsClosedForRoom", connections.closedForRoom());
        counts.put("bodyBytes", budget.used());
        counts.put("bodiesRefused", budget.refused());
        return counts;
    }

    private Channel bind(ListenAddress address, Initializer initializer) throws ListenException {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(false))
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(512, 2048, 8192))
                .childHandler(initializer)
                .bind(address.resolve())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new ListenException(address, bound.cause());
        }
        return bound.channel();
    }

    /** The port in use, also when the address said 0. */
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Stops at once: connections are closed, whatever they were doing. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly(CLOSE_MILLIS);
        connections.closeAll();
        stopThreads();
    }

    private void stopThreads() {
        access.close();
        scraper.shutdownNow();
        renderers.shutdownNow();
        loops.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_MILLIS);
    }
}
