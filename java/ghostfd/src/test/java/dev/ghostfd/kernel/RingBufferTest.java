/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RingBufferTest {
    private static final long LIMITLESS = 1 << 20;

    private final RingWriter writer = new RingWriter(MemorySegment.ofArray(new long[32]), 0);
    private final RingBuffer ring = writer.reader();
    private final List<Integer> read = new ArrayList<>();

    private void take(MemorySegment memory, long offset, int length) {
        read.add(RingWriter.check(memory, offset, length));
    }

    @Example
    void recordsAreHandedOverInTheOrderOfTheirReservation() {
        int first = writer.reserve(16);
        int second = writer.reserve(40);
        writer.submit(second);
        assertThat(ring.drain(this::take, LIMITLESS)).isZero();

        writer.submit(first);

        assertThat(ring.used()).isEqualTo(24 + 48);
        assertThat(ring.drain(this::take, LIMITLESS)).isEqualTo(24 + 48);
        assertThat(read).containsExactly(first, second);
        assertThat(ring.used()).isZero();
    }

    @Example
    void aRecordStillBeingWrittenStopsTheReader() {
        int first = writer.reserve(8);
        final int second = writer.reserve(8);
        writer.submit(first);

        ring.drain(this::take, LIMITLESS);
        assertThat(read).containsExactly(first);
        assertThat(ring.used()).isEqualTo(16);

        writer.submit(second);
        ring.drain(this::take, LIMITLESS);
        assertThat(read).containsExactly(first, second);
    }

    @Example
    void discardedRecordsAreSkippedAndTheirSpaceGivenBack() {
        int first = writer.reserve(24);
        int second = writer.reserve(8);
        writer.discard(first);
        writer.submit(second);

        assertThat(ring.drain(this::take, LIMITLESS)).isEqualTo(32 + 16);

        assertThat(read).containsExactly(second);
    }

    @Example
    void aRecordThatRunsOverTheEndIsJoined() {
        int filler = writer.reserve(208);
        writer.submit(filler);
        ring.drain(this::take, LIMITLESS);
        int wrapped = writer.reserve(100);
        writer.submit(wrapped);

        ring.drain(this::take, LIMITLESS);

        assertThat(read).containsExactly(filler, wrapped);
    }

    @Example
    void aRecordWhoseHeaderEndsTheDataIsReadFromTheStart() {
        int filler = writer.reserve(240);
        writer.submit(filler);
        ring.drain(this::take, LIMITLESS);
        int wrapped = writer.reserve(48);
        writer.submit(wrapped);

        ring.drain(this::take, LIMITLESS);

        assertThat(read).containsExactly(filler, wrapped);
    }

    @Example
    void theReaderStopsAtItsLimitAndGoesOnFromThere() {
        List<Integer> submitted = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            submitted.add(writer.reserve(8));
            writer.submit(submitted.getLast());
        }

        assertThat(ring.drain(this::take, 40)).isEqualTo(48);
        assertThat(read).hasSize(3);
        assertThat(ring.drain(this::take, 0)).isZero();
        ring.drain(this::take, LIMITLESS);

        assertThat(read).isEqualTo(submitted);
    }

    @Example
    void aHandlerThatThrowsHasReadTheRecordAtFault() {
        int first = writer.reserve(8);
        int second = writer.reserve(8);
        int third = writer.reserve(8);
        List.of(first, second, third).forEach(writer::submit);

        assertThatThrownBy(() -> ring.drain(
                        (memory, offset, length) -> {
                            take(memory, offset, length);
                            if (read.size() == 2) {
                                throw new IllegalStateException("at fault");
                            }
                        },
                        LIMITLESS))
                .hasMessage("at fault");
        assertThat(ring.used()).isEqualTo(16);
        ring.drain(this::take, LIMITLESS);

        assertThat(read).containsExactly(first, second, third);
    }

    @Example
    void aSizeThatIsNoPowerOfTwoIsRefused() {
        MemorySegment position = MemorySegment.ofArray(new long[1]);
        MemorySegment data = MemorySegment.ofArray(new long[24]);

        assertThatThrownBy(() -> new RingBuffer(position, position, RingArea.of(data)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    enum Act {
        RESERVE,
        SUBMIT,
        DISCARD,
        DRAIN,
        RELEASE
    }

    enum Memory {
        HEAP,
        NATIVE,
        PIECES
    }

    record Step(Act act, int amount) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of(
                                Act.RESERVE, Act.RESERVE, Act.SUBMIT, Act.SUBMIT, Act.DISCARD, Act.DRAIN, Act.RELEASE),
                        Arbitraries.integers().between(0, 300))
                .as(Step::new)
                .list()
                .ofMaxSize(300);
    }

    @Provide
    Arbitrary<Long> starts() {
        return Arbitraries.oneOf(
                Arbitraries.of(0L, (1L << 32) - 8, (1L << 32) - 512, 1L << 33, (1L << 50) + 8),
                Arbitraries.longs().between(0, 1L << 40).map(position -> position & ~7L));
    }

    @Property
    void everyRecordIsHandedOverExactlyOnceAndInOrder(
            @ForAll("steps") List<Step> steps, @ForAll("starts") long start, @ForAll Memory memory) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = memory == Memory.HEAP ? MemorySegment.ofArray(new long[64]) : arena.allocate(512, 8);
            RingWriter kernel = new RingWriter(data, start);
            RingBuffer reader = memory == Memory.PIECES ? kernel.reader(64) : kernel.reader();
            List<Integer> handed = new ArrayList<>();
            for (Step step : steps) {
                switch (step.act()) {
                    case RESERVE -> kernel.reserve(step.amount());
                    case SUBMIT -> kernel.finishOne(step.amount(), false);
                    case DISCARD -> kernel.finishOne(step.amount(), true);
                    case DRAIN -> reader.drain((m, o, l) -> handed.add(RingWriter.check(m, o, l)), step.amount());
                    case RELEASE -> reader.release();
                }
                assertThat(reader.used()).isBetween(0L, reader.size());
            }
            kernel.finishAll();
            reader.drain((m, o, l) -> handed.add(RingWriter.check(m, o, l)), LIMITLESS);

            assertThat(handed).isEqualTo(kernel.submitted());
            assertThat(reader.used()).isZero();
        }
    }

    @Example
    void recordsStartOnMultiplesOfEight() {
        for (int i = 0; i < 100; i++) {
            writer.submit(writer.reserve(i));
            ring.drain(
                    (memory, offset, length) -> {
                        assertThat(offset % 8).isZero();
                        assertThat(memory.byteSize()).isGreaterThanOrEqualTo(offset + length);
                    },
                    LIMITLESS);
        }
    }
}
