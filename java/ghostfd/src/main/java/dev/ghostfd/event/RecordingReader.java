/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.event;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Reads a recording from start to end. Not thread-safe. */
public final class RecordingReader implements AutoCloseable {
    private final DataInputStream in;
    private final Inflater inflater = new Inflater();
    private final long wallClockOffset;
    private final long grace;
    private long position = RecordingFormat.HEADER_BYTES;
    private boolean ended;

    /** Receives the entries, in order. */
    public interface Visitor {
        /** A record; the memory is valid during the call. */
        void record(int type, MemorySegment memory, long offset, int length);

        /** A moment. */
        void mark(int type, long time, long argument);
    }

    /**
     * Reads the header.
     *
     * @throws IOException when this is no recording, or one of another version
     */
    public RecordingReader(InputStream file) throws IOException {
        in = new DataInputStream(file);
        byte[] bytes = in.readNBytes(RecordingFormat.HEADER_BYTES);
        int magic = RecordingFormat.MAGIC.length;
        if (bytes.length < magic || !Arrays.equals(bytes, 0, magic, RecordingFormat.MAGIC, 0, magic)) {
            throw new IOException("this is not a ghostfd recording");
        }
        if (bytes.length < RecordingFormat.HEADER_BYTES) {
            throw new IOException("this recording is cut off within its header: there is nothing to replay");
        }
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int version = header.getInt(magic);
        if (version != RecordingFormat.VERSION) {
            throw new IOException("this recording has format version " + version + ", this ghostfd reads version "
                    + RecordingFormat.VERSION);
        }
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 16, 16);
        if (header.getInt(12) != (int) checksum.getValue()) {
            throw new IOException("this recording's header is damaged: there is nothing to replay");
        }
        wallClockOffset = header.getLong(16);
        grace = header.getLong(24);
    }

    /** Wall clock minus boot time, nanoseconds. */
    public long wallClockOffset() {
        return wallClockOffset;
    }

    /** The grace the recording was made with, nanoseconds. */
    public long grace() {
        return grace;
    }

    /**
     * Reads all entries up to the end or to the first damage.
     *
     * @return what is wrong with the recording and where; empty when it is whole
     */
    public Optional<String> readAll(Visitor visitor) throws IOException {
        while (true) {
            byte[] head = in.readNBytes(RecordingFormat.BLOCK_HEADER_BYTES);
            if (head.length == 0) {
                return ended
                        ? Optional.empty()
                        : Optional.of("it was not finished: the end at byte " + position + " is missing");
            }
            Optional<String> damage = head.length < RecordingFormat.BLOCK_HEADER_BYTES
                    ? Optional.of("it is cut off")
                    : readBlock(head, visitor);
            if (damage.isPresent()) {
                return Optional.of(damage.get() + " at byte " + position);
            }
        }
    }

    private Optional<String> readBlock(byte[] head, Visitor visitor) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        int storedLength = header.getInt(0);
        int plainLength = header.getInt(4);
        if (storedLength < 0
                || storedLength > 2 * RecordingFormat.BLOCK_BYTES
                || plainLength < 0
                || plainLength > RecordingFormat.BLOCK_BYTES) {
            return Optional.of("it is damaged");
        }
        byte[] stored = in.readNBytes(storedLength);
        if (stored.length < storedLength) {
            return Optional.of("it is cut off");
        }
        CRC32C checksum = new CRC32C();
        checksum.update(head, 0, 8);
        checksum.update(stored);
        byte[] plain = new byte[plainLength];
        if (header.getInt(8) != (int) checksum.getValue() || !inflate(stored, plain) || !readEntries(plain, visitor)) {
            return Optional.of("it is damaged");
        }
        position += RecordingFormat.BLOCK_HEADER_BYTES + storedLength;
        return Optional.empty();
    }

    private boolean inflate(byte[] stored, byte[] plain) {
        inflater.reset();
        inflater.setInput(stored);
        try {
            return inflater.inflate(plain) == plain.length;
        } catch (DataFormatException damaged) {
            return false;
        }
    }

    private boolean readEntries(byte[] plain, Visitor visitor) {
        ByteBuffer entries = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
        while (entries.hasRemaining()) {
            int type = Byte.toUnsignedInt(entries.get());
            if (type >= RecordingFormat.MARK) {
                if (entries.remaining() < RecordingFormat.MARK_BYTES - 1) {
                    return false;
                }
                long time = entries.getLong();
                long argument = entries.getLong();
                if (type - RecordingFormat.MARK == RecordingFormat.END) {
                    ended = true;
                } else {
                    visitor.mark(type - RecordingFormat.MARK, time, argument);
                }
                continue;
            }
            if (entries.remaining() < 2) {
                return false;
            }
            int length = Short.toUnsignedInt(entries.getShort());
            if (entries.remaining() < length) {
                return false;
            }
            visitor.record(type, aligned(plain, entries.position(), length), 0, length);
            entries.position(entries.position() + length);
        }
        return true;
    }

    /** Flyweights read aligned numbers, which only an array of longs has. */
    private MemorySegment aligned(byte[] from, int offset, int length) {
        MemorySegment record = MemorySegment.ofArray(new long[(length + 7) / 8]);
        MemorySegment.copy(MemorySegment.ofArray(from), offset, record, 0, length);
        return record;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
