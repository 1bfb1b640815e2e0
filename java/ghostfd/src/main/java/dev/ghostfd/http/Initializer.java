/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import dev.ghostfd.http.access.Access;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.stream.ChunkedWriteHandler;

/** Sets up the pipeline of each connection that the cap admits. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells listeners and closes the channel.
final class Initializer extends ChannelInitializer<SocketChannel> {
    private final Router router;
    private final Connections connections;
    private final Access access;
    private final Limits limits;

    Initializer(Router router, Connections connections, Access access, Limits limits) {
        this.router = router;
        this.connections = connections;
        this.access = access;
        this.limits = limits;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        if (!connections.admit(channel)) {
            channel.close();
            return;
        }
        /* Before the handler that goes with it: a change in between makes the connection end early, not late. */
        int generation = access.generation();
        access.tls(channel.alloc())
                .ifPresent(tls ->
                        channel.pipeline().addLast("tls-only", new TlsOnly()).addLast("tls", withDeadline(tls)));
        Deadlines deadlines = new Deadlines(limits);
        channel.pipeline()
                .addLast("deadlines", deadlines)
                .addLast(
                        "codec",
                        new HttpServerCodec(new HttpDecoderConfig()
                                .setMaxInitialLineLength(Limits.INITIAL_LINE_BYTES)
                                .setMaxHeaderSize(Limits.HEADER_BYTES)))
                .addLast("flow", new FlowControlHandler())
                .addLast("chunks", new ChunkedWriteHandler())
                .addLast("handler", new RequestHandler(router, connections, new Gate(access, generation), deadlines));
    }

    /** The handshake counts as part of the first header: a client that trickles either has the same time in all. */
    private SslHandler withDeadline(SslHandler tls) {
        tls.setHandshakeTimeoutMillis(limits.headerDeadline().toMillis());
        return tls;
    }
}
