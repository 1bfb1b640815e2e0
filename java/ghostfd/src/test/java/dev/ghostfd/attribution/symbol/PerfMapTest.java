/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process's folder in procfs, with the parts that matter here. */
class PerfMapTest {
    @TempDir
    private Path process;

    private Path map;

    @BeforeEach
    void layOut() throws IOException {
        Files.writeString(process.resolve("status"), "Name:\tnode\nPid:\t4242\nNSpid:\t4242\t7\n");
        map = Files.createDirectories(process.resolve("root/tmp")).resolve("perf-7.map");
    }

    private Map<Long, String> names(Long... addresses) {
        return PerfMap.of(process).map(found -> found.names(List.of(addresses))).orElse(Map.of());
    }

    @Test
    void namesCodeByStartAndSizeUnderThePidInTheContainer() throws IOException {
        Files.writeString(map, "1000 10 first\n0x2000 0x20 second with blanks\n");

        assertThat(names(0x0fffL, 0x1000L, 0x100fL, 0x1010L, 0x2001L))
                .isEqualTo(Map.of(0x1000L, "first", 0x100fL, "first", 0x2001L, "second with blanks"));
    }

    @Test
    void believesTheLastOfTwoThatClaimAnAddress() throws IOException {
        Files.writeString(map, "1000 10 old\n1000 10 new\n");

        assertThat(names(0x1004L)).containsEntry(0x1004L, "new");
    }

    @Test
    void passesOverWhatMakesNoSense() throws IOException {
        Files.writeString(map, """

            1000
            1000 10
            zzzz 10 letters
            1000 0 empty
            -1000 10 negative
            1000 ffffffffffffffff endless
            1000  10 two blanks
            2000 10 sound
            2000 10""");

        assertThat(names(0x1004L, 0x2004L)).isEqualTo(Map.of(0x2004L, "sound"));
    }

    @Test
    void readsGarbageWithoutFailing() throws IOException {
        byte[] garbage = new byte[1 << 20];
        new Random(42).nextBytes(garbage);
        Files.write(map, garbage);

        assertThat(names(0x1000L)).isEmpty();
    }

    @Test
    void readsTheEndOfAFileThatIsTooLarge() throws IOException {
        byte[] line = new byte[1 << 20];
        Arrays.fill(line, (byte) 'x');
        try (OutputStream out = Files.newOutputStream(map)) {
            out.write("1000 10 early\n".getBytes(UTF_8));
            for (long written = 0; written < PerfMap.MAX_BYTES; written += line.length) {
                out.write(line);
            }
            out.write("\n2000 10 late\n".getBytes(UTF_8));
        }

        assertThat(names(0x1000L, 0x2000L)).isEqualTo(Map.of(0x2000L, "late"));
    }

    @Test
    void followsNoLink() throws IOException {
        Path other = Files.writeString(process.resolve("other"), "1000 10 secret\n");
        Files.createSymbolicLink(map, other);

        assertThat(names(0x1000L)).isEmpty();
    }

    @Test
    void hasNoneWithoutAFile() {
        assertThat(PerfMap.of(process)).isEqualTo(Optional.empty());
    }
}
