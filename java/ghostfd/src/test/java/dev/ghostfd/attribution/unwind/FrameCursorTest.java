/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.unwind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.attribution.code.Architecture;
import dev.ghostfd.attribution.symbol.ElfSection;
import dev.ghostfd.attribution.unwind.FrameCursor.Step;
import dev.ghostfd.kernel.DwarfFrames;
import dev.ghostfd.kernel.FrameRow;
import dev.ghostfd.lifecycle.ProcessId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Single steps, by what compilers tell, over stacks made here. */
class FrameCursorTest {
    private static final long SP = 0x7000;
    private static final long FP = 0x7010;
    private static final long LINK = 0x5004;

    @TempDir
    private Path folder;

    private static StackSample sample(long... words) {
        StackSample sample = new StackSample();
        sample.of(new ProcessId(1, 1), StackSample.UNKNOWN, 0);
        sample.registers(0x1000, SP, FP, LINK);
        ByteBuffer.wrap(sample.stack())
                .order(ByteOrder.nativeOrder())
                .asLongBuffer()
                .put(words);
        sample.stackBytes(words.length * Long.BYTES);
        return sample;
    }

    private static FrameCursor on(Architecture architecture, StackSample sample) {
        FrameCursor cursor = new FrameCursor(architecture);
        cursor.start(sample);
        return cursor;
    }

    private static FrameRow row(Path file, long address) {
        try (DwarfFrames frames = DwarfFrames.open(file, true).orElseThrow()) {
            return frames.rowAt(address).orElseThrow();
        }
    }

    private Path aarch64(String... options) {
        return new Programs(folder).aarch64Object("one.c", options);
    }

    @Test
    void returnsToTheLinkRegisterBeforeAarch64HasSavedIt() {
        FrameRow row = row(aarch64("-fno-omit-frame-pointer"), 0);
        FrameCursor cursor = on(Architecture.AARCH64, sample(1, 2));

        assertThat(cursor.step(row)).isEqualTo(Step.CALLER);
        assertThat(cursor.address()).isEqualTo(LINK);
        assertThat(cursor.within()).isEqualTo(LINK - 1);
        assertThat(cursor.value(Architecture.AARCH64.stackPointer())).isEqualTo(SP);
        assertThat(cursor.value(Architecture.AARCH64.framePointer())).isEqualTo(FP);
    }

    @ParameterizedTest
    @CsvSource({"-fno-omit-frame-pointer, 0x7000", "-fomit-frame-pointer, 0x6000"})
    void returnsToWhatAarch64HasSavedWithoutItsSignature(String option, String framePointer) {
        Path file = aarch64(option);
        long signed = LINK | 0x00a5L << 48;
        StackSample sample = option.startsWith("-fno") ? sample(0x7abc, signed) : sample(signed, 0);
        sample.registers(0x1000, SP, Long.decode(framePointer), 0x1000);
        FrameCursor cursor = on(Architecture.AARCH64, sample);

        assertThat(cursor.step(row(file, 8))).isEqualTo(Step.CALLER);
        assertThat(cursor.address()).isEqualTo(LINK);
        assertThat(cursor.value(Architecture.AARCH64.stackPointer())).isEqualTo(SP + 16);
        assertThat(cursor.value(Architecture.AARCH64.framePointer()))
                .isEqualTo(option.startsWith("-fno") ? 0x7abc : 0x6000);
    }

    @Test
    void doesNotStepTwiceWithoutGoingUp() {
        FrameRow row = row(aarch64("-fomit-frame-pointer"), 0);
        FrameCursor cursor = on(Architecture.AARCH64, sample(1, 2));

        assertThat(cursor.step(row)).isEqualTo(Step.CALLER);
        assertThat(cursor.step(row)).isEqualTo(Step.UNKNOWN);
    }

    /** The rule of a procedure linkage table counts the bytes that are pushed by where in an entry it is asked for. */
    @ParameterizedTest
    @CsvSource({"0, 8", "6, 8", "10, 8", "11, 16", "15, 16"})
    void calculatesTheFrameOfALinkageTable(int into, long pushed) {
        Path program = new Programs(folder).frames("lazy", "-O1", "-Wl,-z,lazy", "-fcf-protection=none");
        long entry = ElfSection.of(program, ".plt").address() + 16;
        StackSample sample = sample(0x8888, 0x1616, 3);
        sample.registers(entry + into, SP, FP, StackSample.UNKNOWN);
        /* Asked for rip, it takes the last four bits: entries lie at multiples of 16 wherever they are loaded. */
        FrameCursor cursor = on(Architecture.X86_64, sample);

        assertThat(cursor.step(row(program, entry + into))).isEqualTo(Step.CALLER);
        assertThat(cursor.value(Architecture.X86_64.stackPointer())).isEqualTo(SP + pushed);
        assertThat(cursor.address()).isEqualTo(pushed == 8 ? 0x8888 : 0x1616);
    }

    @Test
    void stepsByFramePointerOnlyUpAndInsideTheCopy() {
        FrameCursor cursor = on(Architecture.X86_64, sample(0, 0, 0x7020, 0x2001, SP, 0x3001));

        assertThat(cursor.stepByFramePointer()).isEqualTo(Step.CALLER);
        assertThat(cursor.address()).isEqualTo(0x2001);
        assertThat(cursor.stepByFramePointer()).isEqualTo(Step.CALLER);
        assertThat(cursor.address()).isEqualTo(0x3001);
        assertThat(cursor.stepByFramePointer()).as("leads down").isEqualTo(Step.UNKNOWN);
    }

    @Test
    void isOutermostWhereNothingIsReturnedTo() {
        FrameCursor cursor = on(Architecture.X86_64, sample(0, 0, 0, 0));

        assertThat(cursor.stepByFramePointer()).isEqualTo(Step.OUTERMOST);
    }
}
