/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Absolute deadlines of one connection: sending a byte now and then does not extend them, unlike with Netty's
 * ReadTimeoutHandler. Stands before the codec; runs on the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells listeners and closes the channel.
final class Deadlines extends ChannelInboundHandlerAdapter {
    /** Fired as a user event when a header did not come in time. */
    static final Object HEADER_LATE = new Object();

    private static final Duration LINGER = Duration.ofSeconds(2);

    /** What the connection is waiting for. */
    enum Phase {
        HEADER,
        RESPONSE,
        IDLE,
        /** For the client to have read the last answer. */
        LINGER
    }

    private final Limits limits;
    private Phase phase = Phase.HEADER;
    private Future<?> timer;

    Deadlines(Limits limits) {
        this.limits = limits;
    }

    /** Begins a phase and its deadline; the former one's is off. */
    void enter(ChannelHandlerContext ctx, Phase next) {
        cancel();
        phase = next;
        Duration time = switch (next) {
            case HEADER -> limits.headerDeadline();
            case RESPONSE -> limits.responseDeadline();
            case IDLE -> limits.idleTimeout();
            case LINGER -> LINGER;
        };
        timer = ctx.executor().schedule(() -> expire(ctx), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void expire(ChannelHandlerContext ctx) {
        if (phase == Phase.HEADER) {
            ctx.pipeline().fireUserEventTriggered(HEADER_LATE);
        } else {
            ctx.close();
        }
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        enter(ctx, Phase.HEADER);
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (phase == Phase.IDLE) {
            enter(ctx, Phase.HEADER);
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        cancel();
        ctx.fireChannelInactive();
    }
}
