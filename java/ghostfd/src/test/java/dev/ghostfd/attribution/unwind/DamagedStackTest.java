/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.unwind;

import static dev.ghostfd.attribution.unwind.CaughtStack.unwind;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.attribution.code.MappedCode;
import dev.ghostfd.attribution.symbol.ElfSection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stacks that are cut short or make no sense: what is found ends, and lies in the process's code. */
class DamagedStackTest {
    private static final Path PROC = Path.of("/proc");

    @TempDir
    private static Path folder;

    private static Programs programs;
    private static Path catcher;

    @BeforeAll
    static void build() {
        programs = new Programs(folder);
        catcher = programs.catcher();
    }

    /** What was found after the instruction pointer is behind an instruction of this process. */
    private static void assertIsCode(long[] found, List<MappedCode> code) {
        for (int i = 1; i < found.length; i++) {
            long address = found[i];
            assertThat(code).as("%x in %s", address, Arrays.toString(found)).anyMatch(at -> at.holds(address - 1));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void findsNoOtherFramesInAShorterCopy(boolean libdw) {
        Path program = programs.frames("short", "-O2");

        try (CaughtStack caught = CaughtStack.at(catcher, "memfd_create", program, "variable");
                Unwinder unwinder = new Unwinder(PROC, libdw)) {
            StackSample complete = caught.sample();
            complete.walkDepth(0);
            long[] whole = unwind(unwinder, complete);
            List<MappedCode> code = caught.code();
            int longest = 0;
            for (int bytes = 0; bytes <= caught.stack.length; bytes += Long.BYTES) {
                StackSample sample = caught.sample(bytes);
                sample.walkDepth(0);
                long[] found = unwind(unwinder, sample);

                assertIsCode(found, code);
                assertThat(whole).startsWith(found);
                longest = Math.max(longest, found.length);
            }
            assertThat(longest).isEqualTo(whole.length).isGreaterThanOrEqualTo(libdw ? 7 : 2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-O2", "-O0 -static", "-O1 -fno-asynchronous-unwind-tables -fno-omit-frame-pointer"})
    void findsOnlyCodeInRandomBytes(String options) {
        Path program = programs.frames("random", options.split(" "));
        Random random = new Random(7);

        try (CaughtStack caught = CaughtStack.at(catcher, "memfd_create", program, "plain");
                Unwinder unwinder = new Unwinder(PROC, true)) {
            List<MappedCode> code = caught.code();
            for (int round = 0; round < 3000; round++) {
                StackSample sample = caught.sample();
                random.nextBytes(sample.stack());
                fillWithPlausible(sample, random, caught, code);
                sample.walkDepth(random.nextInt(StackSample.WALK_DEPTH + 1));
                boolean deranged = random.nextInt(4) == 0;
                sample.registers(
                        deranged ? anywhere(random, code) : caught.ip,
                        deranged ? random.nextLong() : caught.sp,
                        random.nextBoolean() ? random.nextLong() : caught.sp + 8L * random.nextInt(512),
                        random.nextLong());

                assertIsCode(unwind(unwinder, sample), code);
            }
        }
    }

    /** Addresses of code and of the stack itself, which a walk could go on with, among the noise. */
    private static void fillWithPlausible(
            StackSample sample, Random random, CaughtStack caught, List<MappedCode> code) {
        ByteBuffer words = ByteBuffer.wrap(sample.stack()).order(ByteOrder.nativeOrder());
        for (int at = 0; at < StackSample.STACK_BYTES; at += Long.BYTES) {
            switch (random.nextInt(3)) {
                case 0 -> words.putLong(at, anywhere(random, code));
                case 1 -> words.putLong(at, caught.sp + random.nextInt(2 * StackSample.STACK_BYTES) - 1024);
                default -> {}
            }
        }
        for (int i = 0; i < StackSample.WALK_DEPTH; i++) {
            sample.walk()[i] = random.nextBoolean() ? anywhere(random, code) : random.nextLong();
        }
    }

    private static long anywhere(Random random, List<MappedCode> code) {
        MappedCode mapping = code.get(random.nextInt(code.size()));
        return mapping.start() + 1 + random.nextLong(mapping.end() - mapping.start());
    }

    @Test
    void findsOnlyCodeByDamagedCallFrameInformation() throws IOException {
        Path whole = programs.frames("undamaged", "-O2", "-static");
        byte[] bytes = Files.readAllBytes(whole);
        ElfSection section = ElfSection.of(whole, ".eh_frame");

        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            byte[] damaged = bytes.clone();
            for (int i = 1 << random.nextInt(15); i > 0; i--) {
                damaged[section.offset() + random.nextInt(section.length())] = (byte) random.nextInt();
            }
            Path program = folder.resolve("damaged");
            Files.deleteIfExists(program);
            Files.write(program, damaged);
            programs.run(List.of("chmod", "+x", program.toString()));
            try (CaughtStack caught = CaughtStack.at(catcher, "memfd_create", program, "variable");
                    Unwinder unwinder = new Unwinder(PROC, true)) {
                assertIsCode(unwind(unwinder, caught.sample()), caught.code());
            }
        }
    }
}
