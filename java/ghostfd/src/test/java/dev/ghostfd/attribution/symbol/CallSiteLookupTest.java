/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ghostfd.attribution.unwind.Subject;
import dev.ghostfd.kernel.DebugInfo;
import dev.ghostfd.lifecycle.CallStack;
import dev.ghostfd.lifecycle.ProcessId;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The thread, the queue and what is kept; what is found is tested with {@link StackSymbols}. */
class CallSiteLookupTest {
    private static final Path PROC = Path.of("/proc");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @Test
    void knowsNothingAtFirstAndTheFramesSoonAfter() {
        Path program = new Sources(folder).c("-g");
        try (Subject subject = Subject.start(program);
                CallSiteLookup lookup = CallSiteLookup.start(PROC)) {
            CallStack stack = subject.stack("job");
            assertThat(lookup.resolve(stack)).isEmpty();

            await().atMost(PATIENCE).until(() -> !lookup.resolve(stack).isEmpty());

            assertThat(lookup.resolve(stack))
                    .element(1)
                    .satisfies(frame -> assertThat(frame.function()).contains("run_job"));
        }
    }

    @Test
    void keepsWhatItFoundPastTheEndOfTheProcess() {
        Path program = new Sources(folder).c("-g");
        try (CallSiteLookup lookup = CallSiteLookup.start(PROC)) {
            CallStack stack;
            try (Subject subject = Subject.start(program)) {
                stack = subject.stack("job");
                await().atMost(PATIENCE).until(() -> !lookup.resolve(stack).isEmpty());
            }
            assertThat(lookup.resolve(stack))
                    .isNotEmpty()
                    .allMatch(frame -> frame.function().isPresent());
        }
    }

    @Test
    void keepsAResultNoLongerThanItsStack() {
        try (CallSiteLookup lookup = CallSiteLookup.start(PROC)) {
            CallStack stack = ofNobody();
            await().atMost(PATIENCE).until(() -> !lookup.resolve(stack).isEmpty());
            WeakReference<CallStack> forgotten = resolved(lookup);

            await().atMost(PATIENCE).until(() -> {
                System.gc();
                return forgotten.refersTo(null);
            });
            assertThat(lookup.resolve(stack)).isNotEmpty();
        }
    }

    /** In a method of its own, so that no local variable holds the stack. */
    private static WeakReference<CallStack> resolved(CallSiteLookup lookup) {
        CallStack stack = ofNobody();
        await().atMost(PATIENCE).until(() -> !lookup.resolve(stack).isEmpty());
        return new WeakReference<>(stack);
    }

    @Test
    void countsWhatItCannotTakeInAndTakesItInLater() throws InterruptedException {
        Path program = new Sources(folder).c("-g");
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        try (Subject subject = Subject.start(program);
                CallSiteLookup lookup = new CallSiteLookup(
                        PROC,
                        (path, debugFiles) -> {
                            busy.countDown();
                            awaitOr(free);
                            return DebugInfo.open(path, debugFiles);
                        },
                        1,
                        Duration.ofSeconds(5))) {
            lookup.begin();
            CallStack first = subject.stack("job");
            CallStack second = subject.stack("job");
            CallStack third = subject.stack("job");

            lookup.resolve(first);
            busy.await();
            lookup.resolve(second);
            lookup.resolve(third);
            assertThat(lookup.dropped()).isEqualTo(1);

            free.countDown();
            for (CallStack stack : List.of(first, second, third)) {
                await().atMost(PATIENCE).until(() -> !lookup.resolve(stack).isEmpty());
            }
        }
    }

    private static void awaitOr(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** No process has started at that time. */
    private static CallStack ofNobody() {
        return new CallStack(new ProcessId((int) ProcessHandle.current().pid(), 1), 0x1234, 0x5678);
    }
}
