/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
    private static final int RECORDS = 3_000;

    @TempDir
    private Path folder;

    /** What a reader was told, as text. */
    private static final class Log implements RecordingReader.Visitor {
        private final List<String> entries = new ArrayList<>();

        @Override
        public void record(int type, MemorySegment memory, long offset, int length) {
            byte[] bytes = memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
            entries.add(type + " " + Arrays.hashCode(bytes) + " " + length);
        }

        @Override
        public void mark(int type, long time, long argument) {
            entries.add("mark " + type + " " + time + " " + argument);
        }
    }

    private record Reading(List<String> entries, Optional<String> damage) {}

    private byte[] recording(List<String> written) throws IOException {
        Path file = folder.resolve("r" + written.hashCode() + System.nanoTime());
        Log log = new Log();
        Random random = new Random(7);
        try (RecordingWriter writer = new RecordingWriter(file, 42, 43)) {
            for (int i = 0; i < RECORDS; i++) {
                byte[] bytes = new byte[8 + random.nextInt(100)];
                random.nextBytes(bytes);
                MemorySegment memory = MemorySegment.ofArray(bytes);
                writer.record(1 + i % 8, memory, 0, bytes.length);
                log.record(1 + i % 8, memory, 0, bytes.length);
                if (i % 100 == 0) {
                    writer.mark(9, i, -i);
                    log.mark(9, i, -i);
                    writer.flush();
                }
            }
        }
        written.addAll(log.entries);
        return Files.readAllBytes(file);
    }

    private static Reading read(byte[] bytes) throws IOException {
        Log log = new Log();
        try (RecordingReader reader = new RecordingReader(new ByteArrayInputStream(bytes))) {
            return new Reading(log.entries, reader.readAll(log));
        }
    }

    @Test
    void readsWhatWasWritten() throws IOException {
        List<String> written = new ArrayList<>();
        byte[] bytes = recording(written);

        try (RecordingReader reader = new RecordingReader(new ByteArrayInputStream(bytes))) {
            assertThat(reader.wallClockOffset()).isEqualTo(42);
            assertThat(reader.grace()).isEqualTo(43);
        }
        Reading reading = read(bytes);
        assertThat(reading.entries()).isEqualTo(written);
        assertThat(reading.damage()).isEmpty();
    }

    @Test
    void readsUpToTheCutWhereverThatIs() throws IOException {
        List<String> written = new ArrayList<>();
        byte[] bytes = recording(written);
        int before = 0;
        for (int percent = 1; percent < 100; percent++) {
            byte[] cut = Arrays.copyOf(bytes, Math.max(RecordingFormat.HEADER_BYTES, bytes.length * percent / 100));

            Reading reading = read(cut);

            assertThat(reading.damage()).as("cut at %d %%", percent).isPresent();
            assertThat(reading.entries())
                    .isEqualTo(written.subList(0, reading.entries().size()));
            assertThat(reading.entries().size()).isGreaterThanOrEqualTo(before);
            before = reading.entries().size();
        }
        assertThat(before).isGreaterThan(RECORDS / 2);
    }

    @Test
    void stopsAtTheFirstFlippedBit() throws IOException {
        List<String> written = new ArrayList<>();
        byte[] bytes = recording(written);
        Random random = new Random(11);
        for (int i = 0; i < 200; i++) {
            byte[] damaged = bytes.clone();
            int at = RecordingFormat.HEADER_BYTES + random.nextInt(bytes.length - RecordingFormat.HEADER_BYTES);
            damaged[at] ^= (byte) (1 << random.nextInt(8));

            Reading reading = read(damaged);

            assertThat(reading.damage()).as("flipped at %d", at).isPresent();
            assertThat(reading.entries())
                    .isEqualTo(written.subList(0, reading.entries().size()));
        }
    }

    @Test
    void refusesWhatIsNoRecordingOrOfAnotherVersion() throws IOException {
        byte[] bytes = recording(new ArrayList<>());
        byte[] newer = bytes.clone();
        newer[8] = 99;
        byte[] damaged = bytes.clone();
        damaged[20] ^= 1;

        assertThatThrownBy(() -> read("root:x:0:0".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class)
                .hasMessage("this is not a ghostfd recording");
        assertThatThrownBy(() -> read(Arrays.copyOf(bytes, 12))).hasMessageContaining("cut off within its header");
        assertThatThrownBy(() -> read(newer)).hasMessageContaining("format version 99");
        assertThatThrownBy(() -> read(damaged)).hasMessageContaining("header is damaged");
    }

    @Test
    void neverOverwritesAFile() throws IOException {
        Path file = Files.createFile(folder.resolve("mine"));

        assertThatThrownBy(() -> new RecordingWriter(file, 0, 0)).isInstanceOf(FileAlreadyExistsException.class);
    }
}
