/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** libdw itself, on this machine's own libdw and on files that are none. */
class DwarfFramesTest {
    @TempDir
    private Path folder;

    private static Path library() {
        return LibraryLocator.libdw().orElseThrow();
    }

    private Path file(String name, byte[] content) {
        try {
            return Files.write(folder.resolve(name), content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** How many of the file's addresses something is told of, asked here and there. */
    private static int rows(Path file) {
        int rows = 0;
        try (DwarfFrames frames = DwarfFrames.open(file, true).orElseThrow()) {
            for (long address = 0; address < file.toFile().length(); address += 97) {
                rows += frames.rowAt(address).isPresent() ? 1 : 0;
            }
        }
        return rows;
    }

    @Test
    void tellsHowToLeaveFunctions() {
        assertThat(rows(library())).isGreaterThan(1000);
    }

    @Test
    void opensNothingThatIsNo64BitElfFile() {
        byte[] library = bytes(library());
        byte[] small = library.clone();
        small[4] = 1;
        List<Path> others = List.of(
                folder.resolve("absent"),
                folder,
                file("empty", new byte[0]),
                file("text", "ghostfd".getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
                file("identity", Arrays.copyOf(library, 16)),
                file("class", small));

        assertThat(others).allMatch(other -> DwarfFrames.open(other, true).isEmpty());
    }

    @Test
    void tellsNothingWhereTheTablesAreCutOff() {
        byte[] library = bytes(library());
        /* In the order of the file, code comes before the tables about it. */
        Path half = file("half", Arrays.copyOf(library, library.length / 2));

        assertThat(rows(half)).isZero();
    }

    @Test
    void survivesAnyBytesInTheHeaders() {
        byte[] library = bytes(library());
        final int told = rows(library());
        int opened = 0;
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            byte[] damaged = library.clone();
            for (int i = 1 + random.nextInt(20); i > 0; i--) {
                damaged[16 + random.nextInt(800)] = (byte) random.nextInt();
            }
            Path file = file("damaged", damaged);
            if (DwarfFrames.open(file, true).map(DwarfFramesTest::closed).isPresent()) {
                opened++;
                assertThat(rows(file)).isLessThanOrEqualTo(library.length / 97 + 1);
            }
        }

        assertThat(opened).isPositive();
        assertThat(rows(library())).as("libdw is still whole").isEqualTo(told);
    }

    private static DwarfFrames closed(DwarfFrames frames) {
        frames.close();
        return frames;
    }

    @Test
    void mayBeClosedTwice() {
        DwarfFrames frames = DwarfFrames.open(library(), false).orElseThrow();
        frames.close();
        frames.close();
        assertThat(frames.hasEhFrame()).isFalse();
    }
}
