/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: takes a request, has it answered, sends the answer, and only then looks at the next, so that
 * pipelined requests are answered in order. While one is answered autoRead is off, and FlowControlHandler keeps what
 * has been decoded of the next. Runs on the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells listeners and closes the channel.
final class RequestHandler extends SimpleChannelInboundHandler<HttpObject> {
    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

    private final Router router;
    private final Connections connections;
    private final Gate gate;
    private final Deadlines deadlines;
    /** The request whose end has not been seen or whose answer has not been sent. */
    private Optional<HttpRequest> current = Optional.empty();

    private boolean closing;

    RequestHandler(Router router, Connections connections, Gate gate, Deadlines deadlines) {
        this.router = router;
        this.connections = connections;
        this.gate = gate;
        this.deadlines = deadlines;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (closing) {
            return;
        }
        if (message.decoderResult().isFailure()) {
            refuse(ctx, Failure.of(message.decoderResult()));
        } else if (message instanceof HttpRequest request) {
            current = Optional.of(request);
            objection(request).ifPresent(error -> refuse(ctx, Failure.of(error)));
        } else if (message instanceof LastHttpContent) {
            current.ifPresent(request -> answer(ctx, request));
        }
    }

    /** Why a request is not even looked at; such a connection is closed, since what follows may be a body. */
    private static Optional<HttpError> objection(HttpRequest request) {
        HttpHeaders headers = request.headers();
        if (request.protocolVersion().majorVersion() != 1) {
            return Optional.of(new HttpError(HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED, "only HTTP/1.1 and 1.0"));
        }
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            return Optional.of(new HttpError(HttpResponseStatus.METHOD_NOT_ALLOWED, "only GET and HEAD"));
        }
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING) || HttpUtil.getContentLength(request, 0L) > 0) {
            return Optional.of(
                    new HttpError(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "requests have no body here"));
        }
        if (request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && headers.getAll(HttpHeaderNames.HOST).size() != 1) {
            return Optional.of(new HttpError(HttpResponseStatus.BAD_REQUEST, "exactly one Host header is needed"));
        }
        return Optional.empty();
    }

    private void answer(ChannelHandlerContext ctx, HttpRequest request) {
        ctx.channel().config().setAutoRead(false);
        connections.answering(ctx.channel());
        deadlines.enter(ctx, Deadlines.Phase.RESPONSE);
        CompletableFuture<Answer> answer;
        try {
            Request asked = Request.of(request);
            answer = gate.pass(request, ctx.channel(), () -> router.route(asked));
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        boolean keepAlive = HttpUtil.isKeepAlive(request) && gate.isCurrent();
        answer.handle((made, error) -> error == null ? made : Failure.of(error))
                .thenAcceptAsync(made -> send(ctx, made, keepAlive), ctx.executor());
    }

    private void refuse(ChannelHandlerContext ctx, Answer answer) {
        connections.answering(ctx.channel());
        deadlines.enter(ctx, Deadlines.Phase.RESPONSE);
        closing = true;
        send(ctx, answer, false);
    }

    private void send(ChannelHandlerContext ctx, Answer answer, boolean keepAlive) {
        HttpResponse response = ResponseHead.of(answer, gate.headers());
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        boolean bodiless = answer.isBodiless()
                || current.map(request -> request.method().equals(HttpMethod.HEAD))
                        .orElse(false);
        ctx.write(response);
        ctx.writeAndFlush(
                        bodiless
                                ? LastHttpContent.EMPTY_LAST_CONTENT
                                : new HttpChunkedInput(answer.body().input()))
                .addListener(sent -> {
                    answer.release();
                    sent(ctx, sent, keepAlive);
                });
    }

    private void sent(ChannelHandlerContext ctx, Future<?> sent, boolean keepAlive) {
        current = Optional.empty();
        if (!sent.isSuccess()) {
            ctx.close();
        } else if (keepAlive) {
            deadlines.enter(ctx, Deadlines.Phase.IDLE);
            connections.awaiting(ctx.channel());
            // Not at once: the next request may lie here already, and a thousand of them would nest a thousand deep.
            ctx.executor().execute(() -> ctx.channel().config().setAutoRead(true));
        } else if (closing) {
            linger(ctx);
        } else {
            ctx.close();
        }
    }

    /** Closing with unread bytes would reset the connection and take the answer from the client: read them first. */
    private void linger(ChannelHandlerContext ctx) {
        deadlines.enter(ctx, Deadlines.Phase.LINGER);
        ctx.channel().config().setAutoRead(true);
        gate.sayGoodbye(ctx.pipeline()).addListener(said -> {
            if (ctx.channel() instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
            }
        });
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // One object, made to be recognised.
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            gate.handshakeEnded(ctx.channel(), handshake);
        }
        if (event == Deadlines.HEADER_LATE && !closing) {
            if (Gate.canBeTold(ctx.pipeline())) {
                refuse(
                        ctx,
                        Answer.error(HttpResponseStatus.REQUEST_TIMEOUT, "the request header did not come in time"));
            } else {
                ctx.close();
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean clients = cause instanceof IOException
                || cause instanceof DecoderException && cause.getCause() instanceof SSLException;
        if (!clients) {
            LOG.warn("connection failed", cause);
        }
        ctx.close();
    }
}
