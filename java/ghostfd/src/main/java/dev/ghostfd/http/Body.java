/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * The bytes of an answer, in pieces that are never copied together. Immutable, so that many connections can send it at
 * once; {@link #release} gives its memory back to the budget.
 */
final class Body {
    private static final int PIECE = 32 << 10;

    /** Writes a body; it may be compressed on the way. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private final List<ByteBuf> pieces;
    private final boolean gzip;
    private final Runnable release;

    private Body(List<ByteBuf> pieces, boolean gzip, Runnable release) {
        this.pieces = pieces;
        this.gzip = gzip;
        this.release = release;
    }

    static Body text(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8), false);
    }

    /** Bytes that are there already and stay; the array must not change afterwards. */
    static Body of(byte[] bytes, boolean gzip) {
        return new Body(List.of(Unpooled.wrappedBuffer(bytes)), gzip, () -> {});
    }

    /** Renders now, on this thread, charging the budget as the body grows. */
    static Body render(boolean gzip, BodyBudget budget, Content content) {
        Pieces pieces = new Pieces(budget);
        try {
            try (OutputStream out = gzip ? new GZIPOutputStream(pieces, PIECE / 4) : pieces) {
                content.writeTo(out);
            }
            return new Body(List.copyOf(pieces.full), gzip, pieces::giveBack);
        } catch (IOException e) {
            pieces.giveBack();
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            pieces.giveBack();
            throw e;
        }
    }

    long length() {
        return pieces.stream().mapToLong(ByteBuf::readableBytes).sum();
    }

    boolean isGzip() {
        return gzip;
    }

    /** To be called once, when nobody is going to send the body any more. */
    void release() {
        release.run();
    }

    /** A new reading of the body, piece by piece as the socket takes it. */
    ChunkedInput<ByteBuf> input() {
        return new Input(pieces);
    }

    /** Collects what is written in pieces. */
    private static final class Pieces extends OutputStream {
        private final BodyBudget budget;
        private final List<ByteBuf> full = new ArrayList<>();
        private long charged;
        private byte[] current = new byte[0];
        private int used;
        private boolean closed;

        Pieces(BodyBudget budget) {
            this.budget = budget;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) {
            int offset = from;
            int left = count;
            while (left > 0) {
                if (used == current.length) {
                    next();
                }
                int step = Math.min(left, current.length - used);
                System.arraycopy(bytes, offset, current, used, step);
                used += step;
                offset += step;
                left -= step;
            }
        }

        private void next() {
            finish();
            budget.take(PIECE);
            charged += PIECE;
            current = new byte[PIECE];
            used = 0;
        }

        private void finish() {
            if (used > 0) {
                full.add(Unpooled.wrappedBuffer(current, 0, used));
            }
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                finish();
            }
        }

        void giveBack() {
            budget.give(charged);
            charged = 0;
        }
    }

    private static final class Input implements ChunkedInput<ByteBuf> {
        private final List<ByteBuf> pieces;
        private int next;
        private long progress;

        Input(List<ByteBuf> pieces) {
            this.pieces = pieces;
        }

        @Override
        public boolean isEndOfInput() {
            return next == pieces.size();
        }

        @Override
        public void close() {}

        @Override
        @Deprecated
        @SuppressWarnings("InlineMeSuggester") // Deprecated by Netty, whose interface still asks for it.
        public ByteBuf readChunk(ChannelHandlerContext ctx) {
            return readChunk(ctx.alloc());
        }

        @Override
        public ByteBuf readChunk(ByteBufAllocator allocator) {
            if (isEndOfInput()) {
                return null;
            }
            ByteBuf piece = pieces.get(next++).retainedDuplicate();
            progress += piece.readableBytes();
            return piece;
        }

        @Override
        public long length() {
            return pieces.stream().mapToLong(ByteBuf::readableBytes).sum();
        }

        @Override
        public long progress() {
            return progress;
        }
    }
}
