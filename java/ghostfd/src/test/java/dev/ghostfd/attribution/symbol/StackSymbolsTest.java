/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.ghostfd.attribution.Frame;
import dev.ghostfd.attribution.code.ElfHeader;
import dev.ghostfd.attribution.unwind.Subject;
import dev.ghostfd.kernel.DebugInfo;
import dev.ghostfd.lifecycle.CallStack;
import dev.ghostfd.lifecycle.ProcessId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real programs, built as people build them, and the stacks that they tell of themselves. */
class StackSymbolsTest {
    private static final Path PROC = Path.of("/proc");

    @TempDir
    private Path folder;

    private final StackSymbols symbols = new StackSymbols(PROC, DebugInfo::open);
    private Sources sources;

    @BeforeEach
    void needLibdw() {
        Sources.skipUnless(DebugInfo.unavailable().isEmpty(), "libdw is not installed");
        sources = new Sources(folder);
    }

    @AfterEach
    void close() {
        symbols.close();
    }

    private Tuple at(String source, String function, boolean inlined) {
        String mark = function.substring(Math.max(function.lastIndexOf('.'), function.lastIndexOf(':')) + 1);
        return at(source, function, mark, inlined);
    }

    private Tuple at(String source, String function, String mark, boolean inlined) {
        return tuple(
                Optional.of(function),
                Optional.of(folder.resolve(source).toString()),
                OptionalInt.of(sources.line(source, mark)),
                inlined);
    }

    private static List<Tuple> places(List<Frame> frames) {
        return frames.stream()
                .map(frame -> tuple(frame.function(), frame.file(), frame.line(), frame.inlined()))
                .toList();
    }

    private List<Frame> frames(Path program, String stack) {
        try (Subject subject = Subject.start(program)) {
            return symbols.frames(subject.stack(stack));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-O0 -g",
                "-O2 -g",
                "-O2 -g -no-pie",
                "-O2 -gdwarf-4",
                "-O2 -g -gz",
                "-O2 -g -Wl,-z,separate-code"
            })
    void namesFunctionFileAndLineInC(String options) {
        Path program = sources.c(options.split(" ", -1));

        List<Frame> frames = frames(program, "job");

        assertThat(places(frames))
                .startsWith(
                        at("callers.c", "take", true),
                        at("callers.c", "run_job", false),
                        at("callers.c", "main", false));
        assertThat(frames.getFirst().module()).contains(program.toString());
    }

    @Test
    void namesModuleAndAddressInAStrippedProgram() {
        long address = frames(sources.c("-O2"), "job").getFirst().address();

        Path stripped = sources.c("-O2", "-s");

        assertThat(frames(stripped, "job"))
                .first()
                .isEqualTo(new Frame(
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.empty(),
                        Optional.of(stripped.toString()),
                        address,
                        false));
    }

    @Test
    void namesTheFunctionOfAProgramWithoutDebuggingInformation() {
        assertThat(frames(sources.c("-O2"), "job")).first().satisfies(frame -> {
            assertThat(frame.function()).contains("run_job");
            assertThat(frame.file()).isEmpty();
        });
    }

    @Test
    void readsDebuggingInformationThatWasSplitOff() throws IOException {
        Path program = sources.c("-O2", "-g");
        String id = ElfHeader.read(program).flatMap(ElfHeader::buildId).orElseThrow();
        Path root = folder.resolve("root");
        Path debug = root.resolve("usr/lib/debug/.build-id/" + id.substring(0, 2));
        Files.createDirectories(debug);
        String split = debug.resolve(id.substring(2) + ".debug").toString();
        sources.run(List.of("objcopy", "--only-keep-debug", program.toString(), split));
        long address = frames(program, "job").getFirst().address();
        sources.run(List.of("strip", program.toString()));

        SeparateDebugFiles files = new SeparateDebugFiles(List.of(root), Optional.of(id));
        try (DebugInfo info = DebugInfo.open(program, files).orElseThrow()) {
            assertThat(info.frames(address))
                    .extracting(frame -> frame.function().orElse(""))
                    .containsExactly("take", "run_job");
        }
    }

    @Test
    void namesFunctionFileAndLineInGo() {
        List<Frame> frames = frames(sources.go(), "job");

        assertThat(places(frames))
                .containsSequence(
                        at("callers.go", "main.(*worker).take", true), at("callers.go", "main.runJob", false));
        assertThat(places(frames)).contains(at("callers.go", "main.main", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-ldflags=-s -w", "-ldflags=-w"})
    void namesFunctionFileAndLineInGoAlsoWhenStripped(String options) {
        List<Frame> frames = frames(sources.go(options), "job");

        /* Of what was inlined into runJob in between there is no name, so that its own line is not known. */
        assertThat(places(frames))
                .startsWith(tuple(
                        Optional.of("main.runJob"),
                        Optional.of(folder.resolve("callers.go").toString()),
                        OptionalInt.empty(),
                        false))
                .contains(at("callers.go", "main.main", false));
    }

    @Test
    void leavesOutTheStandardLibraryOfGoInFront() {
        assertThat(places(frames(sources.go(), "std"))).startsWith(at("callers.go", "main.main", "sorted", false));
        assertThat(places(frames(sources.go("-ldflags=-s -w"), "std")))
                .startsWith(at("callers.go", "main.main", "sorted", false));
    }

    @Test
    void namesFunctionFileAndLineInRust() {
        Path program = sources.rust("-g");

        assertThat(places(frames(program, "job")))
                .startsWith(
                        at("callers.rs", "callers::walk", false),
                        at("callers.rs", "callers::jobs::take", true),
                        at("callers.rs", "<callers::jobs::Worker as callers::jobs::Job>::run", false),
                        at("callers.rs", "callers::generic<callers::jobs::Worker>", "generic", false),
                        at("callers.rs", "callers::main", false));
        assertThat(places(frames(program, "closure")))
                .contains(at("callers.rs", "callers::main::{closure#0}", "closure", false));
    }

    @Test
    void readsTheSymbolsOfRustWhereThereIsNothingElse() {
        assertThat(frames(sources.rust("-Copt-level=2"), "job"))
                .extracting(frame -> frame.function().orElse(""))
                .startsWith("callers::walk", "<callers::jobs::Worker as callers::jobs::Job>::run");
    }

    @Test
    void leavesOutTheCLibraryInFrontOfTheCaller() {
        assertThat(places(frames(sources.c("-g"), "pipe")))
                .containsExactly(at("callers.c", "take", true), at("callers.c", "run_job", false));
    }

    @Test
    void keepsAStackThatIsAllRuntime() {
        assertThat(frames(sources.c("-g"), "libc"))
                .singleElement()
                .satisfies(frame -> assertThat(frame.module())
                        .hasValueSatisfying(module -> assertThat(module).contains("libc")));
    }

    @Test
    void namesWhatTheKernelPutsIntoProcesses() {
        assertThat(frames(sources.c("-g"), "vdso")).singleElement().satisfies(frame -> {
            assertThat(frame.function())
                    .hasValueSatisfying(name -> assertThat(name).endsWith("clock_gettime"));
            assertThat(frame.module()).contains("[vdso]");
        });
    }

    @Test
    void leavesOutAddressesThatCannotBeCalls() {
        assertThat(frames(sources.c("-g"), "wild"))
                .extracting(frame -> frame.function().orElse(""))
                .containsExactly("take", "run_job", "main");
    }

    @Test
    void readsAProgramThatHasBeenDeletedOrReplaced() throws IOException {
        Path program = sources.c("-g");
        try (Subject subject = Subject.start(program)) {
            Files.delete(program);
            Files.writeString(program, "another program");

            assertThat(places(symbols.frames(subject.stack("job"))))
                    .startsWith(at("callers.c", "take", true), at("callers.c", "run_job", false));
            assertThat(symbols.frames(subject.stack("job")).getFirst().module()).contains(program.toString());
        }
    }

    @Test
    void resolvesFurtherStacksOfAnExitedProcess() {
        Subject subject = Subject.start(sources.c("-g"));
        try (subject) {
            symbols.frames(subject.stack("pipe"));
        }
        assertThat(symbols.frames(subject.stack("job")))
                .extracting(frame -> frame.function().orElse(""))
                .startsWith("take", "run_job", "main");
    }

    @Test
    void knowsTheCallSitesOfOneProgramInAnotherOfItsProcesses() throws IOException {
        Path program = sources.c("-g", "-no-pie");
        frames(program, "job");
        symbols.closeUnused(Duration.ZERO);

        assertThat(frames(program, "job"))
                .extracting(frame -> frame.function().orElse(""))
                .startsWith("take");
        assertThat(symbols.opened()).as("files that had to be opened again").isZero();
    }

    @Test
    void givesAddressesOnlyForAProcessThatWentBeforeTheLookup() {
        Subject subject = Subject.start(sources.c("-g"));
        subject.close();
        CallStack stack = subject.stack("job");

        assertThat(symbols.frames(stack))
                .hasSize(stack.depth())
                .first()
                .isEqualTo(bare(Optional.empty(), stack.address(0) - 1));
    }

    @Test
    void doesNotTakeALaterProcessOfThatNumberForTheOneThatMadeTheCall() {
        try (Subject subject = Subject.start(sources.c("-g"))) {
            CallStack real = subject.stack("job");
            ProcessId earlier = new ProcessId(subject.id().pid(), subject.id().startTime() - 1_000_000_000L);

            assertThat(symbols.frames(new CallStack(earlier, real.address(0))))
                    .containsExactly(bare(Optional.empty(), real.address(0) - 1));
        }
    }

    @Test
    void noticesThatAProcessRunsAnotherProgramSince() {
        Path program = sources.c("-g");
        String shell = "echo shell 0x1000; echo ready; read go; exec " + program;
        try (Subject subject = Subject.start(List.of("sh", "-c", shell))) {
            symbols.frames(subject.stack("shell"));
            subject.goOn();

            assertThat(places(symbols.frames(subject.stack("job"))))
                    .startsWith(at("callers.c", "take", true), at("callers.c", "run_job", false));
        }
    }

    @Test
    void namesCodeThatWasCompiledAtRunTime() throws IOException {
        try (Subject subject = Subject.start(sources.c("-g"))) {
            CallStack compiled = subject.stack("compiled");
            assertThat(symbols.frames(compiled)).containsExactly(bare(Optional.empty(), compiled.address(0) - 1));

            /* The one place where runtimes leave it and perf looks for it. */
            Path map = Path.of("/tmp/perf-" + subject.id().pid() + ".map");
            try {
                Files.writeString(map, Long.toHexString(compiled.address(0) - 1) + " 1000 JS:*run /srv/job.js:42:13\n");

                assertThat(places(symbols.frames(compiled)))
                        .containsExactly(
                                tuple(Optional.of("run"), Optional.of("/srv/job.js"), OptionalInt.of(42), false));
            } finally {
                Files.deleteIfExists(map);
            }
        }
    }

    @Test
    void givesModuleAndAddressWithoutLibdw() {
        Path program = sources.c("-g");
        long address = frames(program, "job").getFirst().address();
        try (StackSymbols without = new StackSymbols(PROC, (path, debugFiles) -> Optional.empty());
                Subject subject = Subject.start(program)) {
            assertThat(without.frames(subject.stack("job")))
                    .first()
                    .isEqualTo(bare(Optional.of(program.toString()), address));
        }
    }

    @Test
    void givesModuleAndAddressWhereDebuggingInformationIsDamaged() throws IOException {
        Path program = sources.c("-g");
        long address = frames(program, "job").getFirst().address();
        long loaded = ElfHeader.read(program).orElseThrow().segments().stream()
                .mapToLong(segment -> segment.offset() + segment.length())
                .max()
                .orElseThrow();
        try (RandomAccessFile file = new RandomAccessFile(program.toFile(), "rw")) {
            byte[] garbage = new byte[(int) (file.length() - loaded)];
            Arrays.fill(garbage, (byte) 0xa5);
            file.seek(loaded);
            file.write(garbage);
        }

        assertThat(frames(program, "job")).first().isEqualTo(bare(Optional.of(program.toString()), address));
    }

    @Test
    void survivesThatAnOpenFileIsCutOff() throws IOException {
        Path program = sources.c("-g");
        Subject subject = Subject.start(program);
        try (subject) {
            symbols.frames(subject.stack("pipe"));
        }
        assertThat(symbols.opened()).isPositive();
        try (RandomAccessFile file = new RandomAccessFile(program.toFile(), "rw")) {
            file.setLength(0);
        }

        assertThat(symbols.frames(subject.stack("job")))
                .extracting(frame -> frame.function().orElse("?"))
                .startsWith("take", "run_job", "?");
    }

    @Test
    void closesFilesThatAreNotUsedAnyMore() {
        frames(sources.c("-g"), "job");
        assertThat(symbols.opened()).isPositive();

        symbols.closeUnused(Duration.ofHours(1));
        assertThat(symbols.opened()).isPositive();

        symbols.closeUnused(Duration.ZERO);
        assertThat(symbols.opened()).isZero();
    }

    @Test
    void readsAProgramInAContainersRoot() throws IOException {
        Sources.skipUnless("root".equals(System.getProperty("user.name")), "chroot needs root");
        Path program = sources.c("-g", "-static");
        Path root = Files.createDirectories(folder.resolve("root/bin")).getParent();
        Files.move(program, root.resolve("bin/callers"));

        try (Subject subject = Subject.start(List.of("chroot", root.toString(), "/bin/callers"))) {
            assertThat(places(symbols.frames(subject.stack("job"))))
                    .startsWith(at("callers.c", "take", true), at("callers.c", "run_job", false));
        }
    }

    private static Frame bare(Optional<String> module, long address) {
        return new Frame(Optional.empty(), Optional.empty(), OptionalInt.empty(), module, address, false);
    }
}
