/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/** Tells a client that speaks plain HTTP to a TLS port so, as far as that can be told; then TLS takes over. */
@SuppressWarnings("FutureReturnValueIgnored") // The channel is closed whatever becomes of the answer.
final class TlsOnly extends ChannelInboundHandlerAdapter {
    /** The type of the record that every TLS client begins with (RFC 8446, 5.1). */
    private static final int HANDSHAKE = 22;

    private static final byte[] ANSWER = """
            HTTP/1.1 400 Bad Request\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: 40\r
            Connection: close\r
            \r
            this port speaks TLS: use https:// here
            """.getBytes(StandardCharsets.US_ASCII);

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes && bytes.isReadable() && bytes.getByte(bytes.readerIndex()) != HANDSHAKE) {
            ReferenceCountUtil.release(message);
            ctx.writeAndFlush(Unpooled.wrappedBuffer(ANSWER)).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        ctx.pipeline().remove(this);
        ctx.fireChannelRead(message);
    }
}
