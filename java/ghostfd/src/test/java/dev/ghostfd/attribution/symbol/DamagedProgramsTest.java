/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.ghostfd.attribution.code.ElfHeader;
import dev.ghostfd.kernel.DebugInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Anybody can run a program of any content; whoever looks into it runs as root. Reproducible: the seed is fixed. */
class DamagedProgramsTest {
    private static final int ROUNDS = 150;
    private static final int BYTES_CHANGED = 200;
    private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F'};

    @TempDir
    private Path folder;

    private final Random random = new Random(4711);

    @Test
    void survivesAnyDamageToAProgramInC() throws IOException {
        survive(new Sources(folder).c("-O2", "-g"));
    }

    @Test
    void survivesAnyDamageToAStrippedProgramInGo() throws IOException {
        survive(new Sources(folder).go("-ldflags=-s -w"));
    }

    private void survive(Path program) throws IOException {
        byte[] sound = Files.readAllBytes(program);
        ElfHeader header = ElfHeader.read(program).orElseThrow();
        for (int round = 0; round < ROUNDS; round++) {
            Path damaged = Files.write(folder.resolve("damaged"), damage(sound, header, round));
            long address = header.lowestCode() + random.nextInt(1 << 12);
            assertThatCode(() -> look(damaged, address)).as("round " + round).doesNotThrowAnyException();
        }
    }

    /** In turn anywhere, in the headers, in the table of lines, and at the end. */
    private byte[] damage(byte[] sound, ElfHeader header, int round) {
        byte[] damaged = sound.clone();
        int from = 0;
        int length = sound.length;
        if (round % 4 == 1) {
            length = 512;
        } else if (round % 4 == 2 && header.goTable().isPresent()) {
            from = (int) header.goTable().get().offset();
            length = 2048;
        } else if (round % 4 == 3) {
            from = sound.length / 2;
            length = sound.length - from;
        }
        for (int i = 0; i < BYTES_CHANGED; i++) {
            damaged[from + random.nextInt(length)] = (byte) (random.nextBoolean() ? 0xff : random.nextInt(256));
        }
        System.arraycopy(MAGIC, 0, damaged, 0, MAGIC.length);
        return round % 10 == 0 ? Arrays.copyOf(damaged, MAGIC.length + random.nextInt(damaged.length)) : damaged;
    }

    private static void look(Path file, long address) {
        ElfHeader.read(file).filter(Modules::fitsMemory).ifPresent(header -> GoLineTable.find(file, header, address));
        DebugInfo.open(file, link -> Optional.empty()).ifPresent(info -> {
            try (info) {
                info.frames(address);
            }
        });
    }
}
