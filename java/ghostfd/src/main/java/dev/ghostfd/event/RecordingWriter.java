/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.event;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;

/**
 * Writes a recording. Blocks reach the file as they fill up and at {@link #flush}; a recording that was not closed is
 * complete but for the last one. One thread writes; failures to write, a full disk say, are UncheckedIOExceptions.
 */
public final class RecordingWriter implements AutoCloseable {
    private final Path path;
    private final FileChannel file;
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    private final byte[] plainBytes = new byte[RecordingFormat.BLOCK_BYTES];
    private final byte[] storedBytes = new byte[2 * RecordingFormat.BLOCK_BYTES];
    private final ByteBuffer plain = over(plainBytes);
    private final ByteBuffer stored = over(storedBytes);
    private boolean closed;

    /**
     * Creates the file.
     *
     * @param wallClockOffset wall clock minus boot time, nanoseconds
     * @param grace what the findings were made with, nanoseconds
     * @throws IOException if it exists already, or cannot be created
     */
    public RecordingWriter(Path path, long wallClockOffset, long grace) throws IOException {
        this.path = path;
        file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        byte[] headerBytes = new byte[RecordingFormat.HEADER_BYTES];
        ByteBuffer header = over(headerBytes);
        header.put(RecordingFormat.MAGIC).putInt(RecordingFormat.VERSION).putInt(0);
        header.putLong(wallClockOffset).putLong(grace);
        CRC32C checksum = new CRC32C();
        checksum.update(headerBytes, 16, 16);
        header.putInt(12, (int) checksum.getValue());
        write(header.flip());
    }

    private static ByteBuffer over(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Adds a record.
     *
     * @param type below 127
     * @param length at most 65,535
     */
    public void record(int type, MemorySegment memory, long offset, int length) {
        if (length > RecordingFormat.LONGEST_RECORD) {
            throw new IllegalArgumentException("record of " + length + " bytes");
        }
        reserve(RecordingFormat.RECORD_OVERHEAD + length);
        plain.put((byte) type).putShort((short) length);
        MemorySegment.copy(memory, JAVA_BYTE, offset, plainBytes, plain.position(), length);
        plain.position(plain.position() + length);
    }

    /**
     * Adds a moment.
     *
     * @param type below 127
     */
    public void mark(int type, long time, long argument) {
        reserve(RecordingFormat.MARK_BYTES);
        plain.put((byte) (RecordingFormat.MARK + type)).putLong(time).putLong(argument);
    }

    private void reserve(int bytes) {
        if (plain.remaining() < bytes) {
            flush();
        }
    }

    /** Ends the block under way, so that a damage later on leaves it readable. */
    public void flush() {
        if (plain.position() == 0) {
            return;
        }
        deflater.reset();
        deflater.setInput(plainBytes, 0, plain.position());
        deflater.finish();
        stored.clear().position(RecordingFormat.BLOCK_HEADER_BYTES);
        int length = deflater.deflate(storedBytes, stored.position(), stored.remaining());
        stored.putInt(0, length).putInt(4, plain.position());
        CRC32C checksum = new CRC32C();
        checksum.update(storedBytes, 0, 8);
        checksum.update(storedBytes, RecordingFormat.BLOCK_HEADER_BYTES, length);
        stored.putInt(8, (int) checksum.getValue());
        stored.limit(RecordingFormat.BLOCK_HEADER_BYTES + length).position(0);
        plain.clear();
        write(stored);
    }

    private void write(ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(new IOException(
                    "cannot write " + path + ": " + cause.getMessage() + "; what is before stays readable", cause));
        }
    }

    /** Marks the recording as complete. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (file) {
            flush();
            mark(RecordingFormat.END, 0, 0);
            flush();
        } catch (UncheckedIOException full) {
            throw full.getCause();
        } finally {
            deflater.end();
        }
    }
}
