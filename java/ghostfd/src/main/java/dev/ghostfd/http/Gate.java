/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import dev.ghostfd.http.access.Access;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Access as one connection sees it. Used on its event loop. */
final class Gate {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private final Access access;
    private final int generation;

    /** @param generation of the access that the connection was accepted under */
    Gate(Access access, int generation) {
        this.access = access;
        this.generation = generation;
    }

    /** The answer, or a refusal; the answer is asked for only once the request may have one. */
    CompletableFuture<Answer> pass(HttpRequest request, Channel channel, Supplier<CompletableFuture<Answer>> answer) {
        String authorization = Optional.ofNullable(request.headers().get(HttpHeaderNames.AUTHORIZATION))
                .orElse("");
        InetSocketAddress client = (InetSocketAddress) channel.remoteAddress();
        return access.check(authorization, client.getAddress()).thenCompose(verdict -> switch (verdict) {
            case ADMITTED -> answer.get();
            case DENIED -> refusal(HttpResponseStatus.UNAUTHORIZED, "user name or password missing or wrong");
            case BUSY -> refusal(HttpResponseStatus.TOO_MANY_REQUESTS, "too many passwords to check; try again");
        });
    }

    private static CompletableFuture<Answer> refusal(HttpResponseStatus status, String message) {
        return CompletableFuture.completedFuture(Answer.error(status, message));
    }

    /** Whether the connection was accepted under what holds now; else its client has to come back and be looked at. */
    boolean isCurrent() {
        return generation == access.generation();
    }

    Map<String, String> headers() {
        return access.headers();
    }

    void handshakeEnded(Channel channel, SslHandshakeCompletionEvent handshake) {
        if (!handshake.isSuccess()) {
            access.handshakeFailed();
            LOG.debug(
                    "no TLS with {}: {}",
                    channel.remoteAddress(),
                    handshake.cause().toString());
        }
    }

    /** Whether there is a way to send an answer: not while a handshake is under way. */
    static boolean canBeTold(ChannelPipeline pipeline) {
        SslHandler tls = pipeline.get(SslHandler.class);
        return tls == null || tls.handshakeFuture().isSuccess();
    }

    /** TLS has a last word of its own, without which a client takes what it got for cut off. */
    Future<?> sayGoodbye(ChannelPipeline pipeline) {
        SslHandler tls = pipeline.get(SslHandler.class);
        return tls == null ? pipeline.channel().newSucceededFuture() : tls.closeOutbound();
    }
}
