/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.stream.ChunkedWriteHandler;

/** Sets up the pipeline of each connection that the cap admits. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells listeners and closes the channel.
final class Initializer extends ChannelInitializer<SocketChannel> {
    private final Router router;
    private final Connections connections;
    private final Limits limits;

    Initializer(Router router, Connections connections, Limits limits) {
        this.router = router;
        this.connections = connections;
        this.limits = limits;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        if (!connections.admit(channel)) {
            channel.close();
            return;
        }
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
                .addLast("handler", new RequestHandler(router, connections, deadlines));
    }
}
