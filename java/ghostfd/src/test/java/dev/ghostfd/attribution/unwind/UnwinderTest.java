/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.unwind;

import static dev.ghostfd.attribution.unwind.CaughtStack.unwind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ghostfd.attribution.symbol.Symbols;
import dev.ghostfd.lifecycle.ProcessId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real programs, stopped at the return of a system call that makes a descriptor. */
class UnwinderTest {
    private static final Path PROC = Path.of("/proc");
    private static final String PLAIN = "memfd_create";

    @TempDir
    private static Path folder;

    private static Programs programs;
    private static Path catcher;

    @BeforeAll
    static void build() {
        programs = new Programs(folder);
        catcher = programs.catcher();
    }

    private static List<String> stack(Path program, String call, String... arguments) {
        return stack(Symbols.of(program), call, arguments);
    }

    /** The functions on the stack; what is not of the program itself is "?". */
    private static List<String> stack(Symbols symbols, String call, String... arguments) {
        Path program = Path.of(symbols.mappedAs().orElseThrow());
        try (CaughtStack caught = CaughtStack.at(catcher, call, program, arguments);
                Unwinder unwinder = new Unwinder(PROC, true)) {
            return caught.names(unwind(unwinder, caught.sample()), symbols);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-O0",
                "-O2",
                "-O3 -fomit-frame-pointer",
                "-O2 -no-pie",
                "-O2 -static",
                "-Os -static-pie",
                "-O2 -fno-omit-frame-pointer"
            })
    void findsEveryFunctionBelowTheCall(String options) {
        Path program = programs.frames("plain", options.split(" "));

        assertThat(stack(program, PLAIN, "plain"))
                .containsSubsequence("make_descriptor", "user_plain", "main", "_start")
                .endsWith("_start");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-O0", "-O2"})
    void followsFramesThatFindTheirCallerByAnotherRegister(String options) {
        Path program = programs.frames("variable", options);

        assertThat(stack(program, PLAIN, "variable"))
                .containsSubsequence(
                        "make_descriptor", "user_plain", "user_variable", "user_aligned", "main", "_start");
    }

    @Test
    void showsTheFunctionThatAnInlinedOneWasMergedInto() {
        Path program = programs.frames("inlining", "-O2");

        assertThat(stack(program, PLAIN, "inlining")).containsSubsequence("user_plain", "user_inlining", "main");
    }

    @Test
    void showsTheCallerOfAFunctionThatHasJumpedAway() {
        Path program = programs.frames("tail", "-O2");

        assertThat(stack(program, PLAIN, "tail"))
                .containsSubsequence("user_plain", "user_tail", "main")
                .doesNotContain("jumps");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-O0", "-O2", "-O2 -static"})
    void leadsOutOfDeepInsideLibc(String options) {
        Path program = programs.frames("libc", options.split(" "));

        assertThat(stack(program, "pipe2", "popen")).containsSubsequence("user_popen", "main", "_start");
        assertThat(stack(program, "clone3", "spawn")).containsSubsequence("user_spawn", "main", "_start");
    }

    @Test
    void leadsThroughLibcAndBackIntoTheProgram() {
        Path program = programs.frames("sort", "-O2");

        assertThat(stack(program, PLAIN, "sort"))
                .containsSubsequence("user_plain", "user_compare", "?", "user_sort", "main", "_start");
    }

    @Test
    void leadsOutOfASignalHandler() {
        Path program = programs.frames("signal", "-O2");

        assertThat(stack(program, PLAIN, "signal"))
                .containsSubsequence("user_plain", "user_handler", "?", "user_interrupted", "main", "_start");
    }

    @Test
    void endsWhereTheThreadBegan() {
        Path program = programs.frames("thread", "-O2");

        assertThat(stack(program, PLAIN, "thread"))
                .containsSubsequence("user_plain", "user_thread", "?")
                .doesNotContain("main");
    }

    @Test
    void needsNoSymbols() {
        Path program = programs.frames("with-symbols", "-O2");
        Path stripped = programs.stripped(program);

        assertThat(stack(Symbols.of(stripped, program), PLAIN, "plain"))
                .containsSubsequence("make_descriptor", "user_plain", "main", "_start");
    }

    @Test
    void readsDebugFrameWhereAFunctionHasNoEhFrame() {
        Path program = programs.frames(
                "debug-frame",
                "-O2",
                "-g",
                "-fno-asynchronous-unwind-tables",
                "-fno-exceptions",
                "-fomit-frame-pointer");

        assertThat(stack(program, PLAIN, "variable"))
                .containsSubsequence("make_descriptor", "user_plain", "user_variable", "user_aligned", "main");
    }

    @Test
    void stepsByFramePointersThroughFunctionsThatNothingIsToldOf() {
        Path program =
                programs.frames("frame-pointers", "-O1", "-fno-asynchronous-unwind-tables", "-fno-omit-frame-pointer");

        assertThat(stack(program, PLAIN, "plain")).containsSubsequence("make_descriptor", "user_plain", "main");
    }

    @Test
    void leadsOutOfALibraryThatTellsNothing() {
        assertThat(stack(programs.bare(), "pipe2")).containsSubsequence("?", "user_piped", "main", "_start");
    }

    @Test
    void goesOnWithTheKernelsWalkWhereTheCopyEnds() {
        Path program = programs.frames("deep", "-O2", "-fno-omit-frame-pointer");
        Symbols symbols = Symbols.of(program);

        try (CaughtStack caught = CaughtStack.at(catcher, PLAIN, program, "deep");
                Unwinder unwinder = new Unwinder(PROC, true)) {
            long[] whole = unwind(unwinder, caught.sample());
            long[] little = unwind(unwinder, caught.sample(1024));

            assertThat(caught.names(little, symbols))
                    .containsSubsequence("make_descriptor", "user_plain", "user_deep", "user_deep", "user_deep")
                    .hasSizeGreaterThanOrEqualTo(caught.walk.length);
            assertThat(whole).startsWith(little);
        }
    }

    @Test
    void stopsWhereTheCopyEndsIfTheKernelsWalkIsOfNoUse() {
        Path program = programs.frames("deep-without", "-O2");

        assertThat(stack(program, PLAIN, "deep"))
                .containsSubsequence("make_descriptor", "user_plain", "user_deep", "user_deep")
                .doesNotContain("main");
    }

    @Test
    void findsTheFunctionsOfARustProgram() {
        assertThat(stack(programs.rust(), "pipe2"))
                .anyMatch(name -> name.contains("user_starts"))
                .anyMatch(name -> name.contains("user_job"))
                .endsWith("_start");
    }

    @Test
    void takesTheKernelsWalkOfAGoProgram() {
        Path program = programs.go();
        Symbols symbols = Symbols.of(program);

        try (CaughtStack caught = CaughtStack.at(catcher, "pipe2", program);
                Unwinder unwinder = new Unwinder(PROC, true)) {
            long[] found = unwind(unwinder, caught.sample());

            assertThat(found).isEqualTo(caught.walk);
            assertThat(caught.names(found, symbols))
                    .containsSubsequence("main.userStarts", "main.userJob", "runtime.goexit.abi0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-w"})
    void findsTheFunctionsOfAGoProgramThatIsLinkedWithLibc(String linkerFlags) {
        assertThat(stack(programs.goWithLibc(linkerFlags), "pipe2"))
                .containsSubsequence("syscall.pipe2", "main.userStarts", "main.userJob");
    }

    @Test
    void findsTheSameInADeletedExecutable() throws IOException {
        Path program = Files.copy(programs.frames("kept", "-O2"), folder.resolve("deleted"));

        try (CaughtStack caught = CaughtStack.at(catcher, PLAIN, program, "plain");
                Unwinder before = new Unwinder(PROC, true);
                Unwinder after = new Unwinder(PROC, true)) {
            long[] expected = unwind(before, caught.sample());
            Files.delete(program);

            assertThat(unwind(after, caught.sample())).isEqualTo(expected).hasSizeGreaterThan(4);
        }
    }

    @Test
    void findsTheSameOnceTheProcessIsGone() {
        Path program = programs.frames("exited", "-O2");

        try (Unwinder unwinder = new Unwinder(PROC, true)) {
            CaughtStack caught = CaughtStack.at(catcher, PLAIN, program, "plain");
            long[] alive = unwind(unwinder, caught.sample());
            caught.close();
            unwinder.rest();

            assertThat(unwind(unwinder, caught.sample())).isEqualTo(alive).hasSizeGreaterThan(4);
        }
    }

    @Test
    void knowsOnlyTheKernelsWalkOfAProcessThatWentBeforeItWasLookedAt() {
        Path program = programs.frames("went", "-O2", "-fno-omit-frame-pointer");

        try (Unwinder unwinder = new Unwinder(PROC, true)) {
            CaughtStack caught = CaughtStack.at(catcher, PLAIN, program, "plain");
            caught.close();

            assertThat(unwind(unwinder, caught.sample())).isEqualTo(caught.walk);
        }
    }

    @Test
    void takesNothingFromALaterProcessWithTheSamePid() {
        Path program = programs.frames("reused", "-O2");

        try (CaughtStack caught = CaughtStack.at(catcher, PLAIN, program, "plain");
                Unwinder unwinder = new Unwinder(PROC, true)) {
            ProcessId earlier = new ProcessId(caught.process.pid(), caught.process.startTime() - 1_000_000_000L);
            StackSample sample = caught.sample();
            sample.of(earlier, StackSample.UNKNOWN, 0);
            sample.registers(caught.ip, caught.sp, caught.fp, caught.link);
            sample.stackBytes(caught.stack.length);

            assertThat(unwind(unwinder, sample)).containsExactly(caught.ip);
        }
    }

    @Test
    void findsTheSameOnAThreadOfItsOwn() {
        Path program = programs.frames("queued", "-O2");
        AtomicReference<long[]> told = new AtomicReference<>(new long[0]);

        try (CaughtStack caught = CaughtStack.at(catcher, PLAIN, program, "plain");
                Unwinder unwinder = new Unwinder(PROC, true);
                UnwindQueue queue = UnwindQueue.start(PROC)) {
            StackSample sample = queue.borrow().orElseThrow();
            caught.fill(sample, caught.stack.length);
            queue.submit(sample, (_, addresses, depth) -> told.set(Arrays.copyOf(addresses, depth)));

            await().until(() -> told.get().length > 0);
            assertThat(told.get()).isEqualTo(unwind(unwinder, caught.sample())).hasSizeGreaterThan(4);
        }
    }

    @Test
    void guessesTheCallerOfLibcsWrapperWithoutLibdw() {
        Path program = programs.frames("guessed", "-O2", "-fno-omit-frame-pointer");
        Symbols symbols = Symbols.of(program);

        try (CaughtStack caught = CaughtStack.at(catcher, PLAIN, program, "plain");
                Unwinder unwinder = new Unwinder(PROC, false)) {
            assertThat(caught.names(unwind(unwinder, caught.sample()), symbols))
                    .containsSequence("make_descriptor", "user_plain", "main");
        }
    }
}
