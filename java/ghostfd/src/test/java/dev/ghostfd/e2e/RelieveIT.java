/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.e2e.Workbench.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** First aid for a process that has run out of descriptors. */
class RelieveIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String SOFT = "64";
    private static final String HARD = "4096";

    private static ScopeRoot limited(String soft, String hard, String... wrapper) {
        List<String> command = new ArrayList<>(List.of(wrapper));
        command.addAll(List.of(Workbench.compileC("limited"), soft, hard));
        return ScopeRoot.running(command.toArray(String[]::new));
    }

    private static Outcome relieve(long pid, String... more) {
        List<String> arguments = new ArrayList<>(List.of("relieve", "--pid=" + pid));
        arguments.addAll(List.of(more));
        return Outcome.of(Workbench.ghostfd(arguments.toArray(String[]::new)));
    }

    private static String softLimit(int pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Integer.toString(pid), "limits"))) {
            return lines.filter(line -> line.startsWith("Max open files"))
                    .map(line -> line.split(" {2,}", -1)[1])
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aProgramAtItsLimitGoesOn() throws IOException {
        try (ScopeRoot program = limited(SOFT, HARD)) {
            program.awaitLine("^FULL", PATIENCE);

            Outcome relieved = relieve(program.pid(), "--watch=2s");

            assertThat(relieved.exit()).as(relieved.err()).isZero();
            program.awaitLine("^ON", PATIENCE);
            assertThat(softLimit(program.pid())).isEqualTo(HARD);
            assertThat(relieved.out())
                    .contains(
                            "process      " + program.pid() + " limited",
                            "64 before, 4096 after",
                            "No descriptor was closed")
                    .containsPattern("growth +\\d+ in 2\\.0 s")
                    .containsPattern("time gained +about \\d+(s|min)")
                    .contains("select(2)");
            assertThat(relieved.err()).isEmpty();
        }
    }

    @Test
    void saysThatATimeCannotBeToldWithoutGrowth() {
        try (ScopeRoot program = ScopeRoot.running("sh", "-c", "ulimit -S -n 64; echo READY pid=$$; read -r never")) {
            program.awaitReady(PATIENCE);
            Outcome relieved = relieve(program.pid(), "--watch=500ms");
            assertThat(relieved.exit()).as(relieved.err()).isZero();
            assertThat(relieved.out()).contains("cannot be told: no growth in 0.5 s");
        }
    }

    @Test
    void refusesWhatIsAtItsHardLimitAlready() {
        try (ScopeRoot program = limited(SOFT, SOFT)) {
            program.awaitLine("^FULL", PATIENCE);
            assertRefused(relieve(program.pid()), "hard limit already, 64", "LimitNOFILE=");
        }
    }

    @Test
    void refusesAnotherUsersProcessWithoutTheCapability() throws IOException {
        Workbench.need("setpriv");
        try (ScopeRoot program =
                limited(SOFT, HARD, "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--")) {
            program.awaitLine("^FULL", PATIENCE);
            List<String> command = new ArrayList<>(
                    List.of("setpriv", "--bounding-set=-sys_resource", "--inh-caps=-sys_resource", "--"));
            command.addAll(Workbench.ghostfd("relieve", "--pid=" + program.pid()));
            assertRefused(Outcome.of(command), "CAP_SYS_RESOURCE", "sudo");
            assertThat(softLimit(program.pid())).isEqualTo(SOFT);
        }
    }

    @Test
    void refusesAZombie() {
        try (ScopeRoot program = new CorpusCase("c-zombies").waitingToRun(1, 60)) {
            program.release();
            int parent = program.awaitReady(PATIENCE);
            long zombie = ProcessHandle.of(parent)
                    .orElseThrow()
                    .children()
                    .findFirst()
                    .orElseThrow()
                    .pid();
            assertRefused(relieve(zombie), "zombie");
        }
    }

    @Test
    void refusesAThreadOfTheKernel() throws IOException {
        Path kthreadd = Path.of("/proc/2/stat");
        if (!Files.exists(kthreadd) || !Files.readString(kthreadd).contains("(kthreadd)")) {
            Workbench.skip("the kernel's threads cannot be seen from this pid namespace");
        }
        assertRefused(relieve(2), "thread of the kernel");
    }

    @Test
    void refusesAThreadAndNamesItsProcess() throws IOException {
        /* This JVM: the first thread of a Java program only waits for the one that runs main. */
        long self = ProcessHandle.current().pid();
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            long thread = threads.map(path -> Long.parseLong(path.getFileName().toString()))
                    .filter(id -> id != self)
                    .findFirst()
                    .orElseThrow();
            assertRefused(relieve(thread), "use --pid=" + self);
        }
    }

    @Test
    void refusesAPidThatNobodyHas() {
        assertRefused(relieve(Integer.MAX_VALUE), "no process with the pid 2147483647");
    }

    private static void assertRefused(Outcome refused, String... words) {
        assertThat(refused.exit()).as(refused.out() + refused.err()).isEqualTo(1);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err().lines())
                .singleElement()
                .asString()
                .startsWith("ghostfd relieve: ")
                .contains(words);
    }
}
