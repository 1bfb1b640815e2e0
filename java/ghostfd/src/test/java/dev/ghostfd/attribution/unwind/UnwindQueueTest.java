/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.unwind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ghostfd.lifecycle.ProcessId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queue in front of the unwinder, with an empty procfs: every stack is the kernel's walk. */
class UnwindQueueTest {
    @TempDir
    private Path proc;

    private final List<Long> told = Collections.synchronizedList(new ArrayList<>());

    private UnwindQueue queue() {
        return new UnwindQueue(new Unwinder(proc, false), Duration.ofMillis(10));
    }

    private static StackSample filled(UnwindQueue queue, long correlation) {
        StackSample sample = queue.borrow().orElseThrow();
        sample.of(new ProcessId(1, 1), StackSample.UNKNOWN, correlation);
        sample.registers(0x1000 + correlation, 0x7000, 0, StackSample.UNKNOWN);
        sample.walk()[0] = 0x2000;
        sample.walkDepth(1);
        return sample;
    }

    private void note(StackSample sample, long[] addresses, int depth) {
        assertThat(depth).isEqualTo(2);
        assertThat(addresses).startsWith(0x1000 + sample.correlation(), 0x2000);
        told.add(sample.correlation());
    }

    @Test
    void tellsOfEveryStackInTheOrderOfSubmission() {
        try (UnwindQueue queue = queue()) {
            queue.begin();
            for (long i = 0; i < 50; i++) {
                queue.submit(filled(queue, i), this::note);
            }
            await().until(() -> told.size() == 50);
            assertThat(told).isSorted();
            assertThat(queue.dropped()).isZero();
        }
    }

    @Test
    void dropsAndCountsWhatFindsNoRoom() {
        try (UnwindQueue queue = queue()) {
            int taken = 0;
            for (Optional<StackSample> sample = queue.borrow(); sample.isPresent(); sample = queue.borrow()) {
                taken++;
            }
            assertThat(taken).isEqualTo(64);
            assertThat(queue.dropped()).isEqualTo(1);
            assertThat(queue.borrow()).isEmpty();
            assertThat(queue.dropped()).isEqualTo(2);
        }
    }

    @Test
    void hasRoomAgainForEachThatWasToldOfOrGivenBack() {
        try (UnwindQueue queue = queue()) {
            queue.begin();
            for (int i = 0; i < 1000; i++) {
                queue.giveBack(filled(queue, i));
            }
            for (int round = 1; round <= 3; round++) {
                for (int i = 0; i < 60; i++) {
                    queue.submit(filled(queue, i), this::note);
                }
                int all = round * 60;
                await().until(() -> told.size() == all);
            }
        }
    }

    @Test
    void goesOnAfterAListenerThatThrows() {
        try (UnwindQueue queue = queue()) {
            queue.begin();
            queue.submit(filled(queue, 1), (_, _, _) -> {
                throw new IllegalStateException("on purpose");
            });
            queue.submit(filled(queue, 2), this::note);
            await().until(() -> told.contains(2L));
        }
    }

    @Test
    void tellsNobodyAfterTheClose() throws InterruptedException {
        CountDownLatch busy = new CountDownLatch(1);
        UnwindQueue queue = queue();
        queue.begin();
        queue.submit(filled(queue, 1), (_, _, _) -> {
            busy.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        });
        queue.submit(filled(queue, 2), this::note);
        busy.await();
        queue.close();

        assertThat(told).isEmpty();
    }

    @Test
    void forgetsAllOfTheSampleBefore() {
        StackSample sample = new StackSample();
        sample.registers(1, 2, 3, 4);
        sample.stackBytes(StackSample.STACK_BYTES + 1);
        sample.walkDepth(StackSample.WALK_DEPTH + 1);
        assertThat(sample.walkDepth()).isEqualTo(StackSample.WALK_DEPTH);
        assertThat(sample.holds(2)).isTrue();

        sample.of(new ProcessId(1, 1), 5, 6);

        assertThat(sample.walkDepth()).isZero();
        assertThat(sample.holds(sample.sp())).isFalse();
        assertThat(List.of(sample.ip(), sample.sp(), sample.fp(), sample.link()))
                .containsOnly(0L);
        assertThat(List.of(sample.image(), sample.correlation())).containsExactly(5L, 6L);
    }
}
