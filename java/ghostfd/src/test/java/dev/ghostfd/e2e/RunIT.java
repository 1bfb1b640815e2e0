/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ghostfd.e2e.Workbench.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ghostfd run} is not noticed by the command, except by what it is told in the end. */
class RunIT {
    private static final int LEAKS = 99;
    private static final int GHOSTFD_FAILED = 125;
    private static final int INSTANCES = 2;

    @TempDir
    private Path folder;

    private static List<String> run(String... arguments) {
        List<String> command = new ArrayList<>(Workbench.ghostfd());
        /* As scripts/ghostfd does for this command. */
        command.add(1, "-XX:-MaxFDLimit");
        command.add("run");
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> after(List<String> first, String... then) {
        return Stream.concat(first.stream(), Stream.of(then)).toList();
    }

    private static Outcome outcome(String... arguments) {
        return Outcome.of(run(arguments), Map.of(), 2);
    }

    private static String leaky() {
        return new CorpusCase("py-popen-stdout-kept").build().toString();
    }

    @ParameterizedTest
    @CsvSource({"exit 0, 0", "exit 3, 3", "kill -9 $$, 137", "kill -TERM $$, 143"})
    void exitsAsTheCommandDoes(String script, int expected) {
        Outcome outcome = outcome("--", "sh", "-c", script);
        assertThat(outcome.exit()).as(outcome.err()).isEqualTo(expected);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void saysThatThereIsNoSuchCommand() {
        Outcome missing = outcome("--", "ghostfd-no-such-program");
        assertThat(missing.exit()).isEqualTo(127);
        assertThat(missing.err().lines()).singleElement().asString().contains("ghostfd-no-such-program", "PATH");
    }

    @Test
    void saysThatTheCommandCannotBeRun() throws IOException {
        Path data = Files.writeString(folder.resolve("data"), "no program");
        Outcome denied = outcome("--", data.toString());
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        Outcome notAProgram = outcome("--", data.toString());
        assertThat(List.of(denied, notAProgram)).allSatisfy(outcome -> {
            assertThat(outcome.exit()).isEqualTo(126);
            assertThat(outcome.err().lines()).singleElement().asString().contains("data");
        });
        assertThat(denied.err()).contains("chmod");
        assertThat(notAProgram.err()).contains("#!/bin/sh");
    }

    @Test
    void failsAsGhostfdBeforeTheCommandHasRun() {
        Outcome noBtf = Outcome.of(run("--", "echo", "ran"), Map.of("GHOSTFD_BTF", "/nonexistent/vmlinux"), 1);
        Outcome noFolder = outcome("--output=" + folder.resolve("none").resolve("report"), "--", "echo", "ran");
        Outcome noBaseline = outcome("--baseline=" + folder.resolve("none"), "--", "echo", "ran");
        assertThat(List.of(noBtf, noFolder, noBaseline)).allSatisfy(outcome -> {
            assertThat(outcome.exit()).as(outcome.err()).isEqualTo(GHOSTFD_FAILED);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err().lines()).hasSize(1);
        });
        assertThat(noBtf.err()).contains("BTF");
        assertThat(noFolder.err()).contains("no such folder");
        assertThat(noBaseline.err()).contains("--update-baseline");
    }

    @Test
    void refusesOptionsThatMakeNoSense() {
        Outcome code = outcome("--leak-exit-code=256", "--", "echo", "ran");
        Outcome update = outcome("--update-baseline", "--", "echo", "ran");
        Outcome nothing = outcome();
        assertThat(List.of(code, update, nothing)).allSatisfy(outcome -> {
            assertThat(outcome.exit()).isEqualTo(2);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err().lines()).hasSize(1);
        });
    }

    @Test
    void leavesOutputAsItIs() throws IOException {
        String script = "printf 'a\\0b\\377\\n\\033[1m'; printf 'e\\0\\376' >&2";
        byte[][] direct = output(List.of("sh", "-c", script));
        byte[][] observed = output(run("--", "sh", "-c", script));
        assertThat(observed[0]).isEqualTo(direct[0]);
        assertThat(observed[1]).isEqualTo(direct[1]);
    }

    private byte[][] output(List<String> command) throws IOException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = StartedProcesses.start(new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile()));
        process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
        return new byte[][] {Files.readAllBytes(out), Files.readAllBytes(err)};
    }

    @Test
    void passesArgumentsByteForByteInAnyLocale() {
        List<String> script = List.of("sh", "-c", "printf '%s|' \"$@\"", "sh");
        List<String> words = List.of("--", "@file", "", "ü€", "${x}", "--report");
        List<String> command =
                Stream.of(run("--"), script, words).flatMap(List::stream).toList();
        Outcome outcome = Outcome.of(command, Map.of("LC_ALL", "C"), 2);
        assertThat(outcome.out()).isEqualTo("--|@file||ü€|${x}|--report|");
    }

    @Test
    void givesTheCommandTheDescriptorsAndLimitsItWouldHave() {
        String shown = "ls /proc/self/fd; ulimit -n; grep -E 'Sig(Blk|Cgt)' /proc/self/status";
        List<String> prepare = List.of("sh", "-c", "exec 7</dev/null 9</dev/null; ulimit -S -n 300; exec \"$@\"", "sh");
        Outcome direct = Outcome.of(after(prepare, "sh", "-c", shown));
        List<String> observed = Stream.concat(
                        prepare.stream(), run("--output=" + folder.resolve("report"), "--", "sh", "-c", shown).stream())
                .toList();
        assertThat(Outcome.of(observed, Map.of(), 2).out())
                .isEqualTo(direct.out())
                .contains("7\n9\n", "300\n");
    }

    @Test
    void isNotNoticedOnATerminal() {
        Workbench.need("python3");
        List<String> terminal =
                List.of("python3", Workbench.resource("terminal.py").toString(), "ready", "typed\\n");
        String script = "test -t 0 && test -t 1 && echo ready; read x; echo \"got $x\"; exit 4";
        Outcome direct = Outcome.of(after(terminal, "sh", "-c", script));
        Outcome observed = Outcome.of(
                Stream.concat(terminal.stream(), run("--", "sh", "-c", script).stream())
                        .toList(),
                Map.of(),
                2);
        assertThat(observed.out()).isEqualTo(direct.out()).contains("got typed");
        assertThat(observed.exit()).isEqualTo(4);
    }

    @Test
    void ctrlCReachesTheCommandOnceAndGhostfdReportsAfterIt() {
        Workbench.need("python3");
        List<String> terminal =
                List.of("python3", Workbench.resource("terminal.py").toString(), "ready", "\\x03");
        String leak = """
                import os, signal, time
                count = 0
                def interrupted(*_):
                    global count
                    count += 1
                signal.signal(signal.SIGINT, interrupted)
                r, w = os.pipe()
                if os.fork() == 0: os._exit(0)
                os.close(w); os.wait()
                print('ready', flush=True)
                end = time.time() + 5
                while time.time() < end: time.sleep(0.1)
                print('interrupted', count, flush=True)
                os._exit(0)
                """;
        Outcome observed = Outcome.of(
                Stream.concat(terminal.stream(), run("--", "python3", "-c", leak).stream())
                        .toList(),
                Map.of(),
                2);
        assertThat(observed.out()).contains("interrupted 1", "orphaned-pipe");
        assertThat(observed.exit()).isEqualTo(LEAKS);
    }

    @ParameterizedTest
    @CsvSource({"TERM", "INT", "HUP", "USR1"})
    void forwardsSignalsThatComeFromNoTerminal(String signal) throws IOException {
        // Whoever starts the tests in the background of a script has them ignore SIGINT, and a shell cannot trap it
        // then.
        List<String> fresh = List.of("setsid", "env", "--default-signal");
        Path said = folder.resolve("said");
        String script = "trap 'echo caught; exit 6' " + signal + "; echo ready; while :; do sleep 0.1; done";
        Process process = StartedProcesses.start(
                new ProcessBuilder(after(fresh, run("--", "sh", "-c", script).toArray(String[]::new)))
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(said.toFile()));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Files.readString(said).contains("ready"));
        Outcome.of(List.of("kill", "-" + signal, Long.toString(process.pid()))).mustSucceed();
        assertThat(process.onExit().orTimeout(60, TimeUnit.SECONDS).join().exitValue())
                .isEqualTo(6);
        assertThat(Files.readString(said)).isEqualTo("ready\ncaught\n");
    }

    @Test
    void reportsWhatWasLeakedAndExitsSo() {
        Outcome outcome = outcome("--", leaky(), Integer.toString(INSTANCES), "5");
        assertThat(outcome.exit()).isEqualTo(LEAKS);
        assertThat(outcome.out()).doesNotContain("ghostfd");
        assertThat(outcome.err())
                .contains("ghostfd: orphaned-pipe: ", INSTANCES * 2 + " pipes")
                .endsWith("ghostfd: " + INSTANCES * 2 + " leaks at 1 site\n");
    }

    @Test
    void exitsWithTheCodeThatIsAskedForOrTheCommandsOwn() {
        Outcome seven = outcome("--leak-exit-code=7", "--", leaky(), "1", "5");
        Outcome own = outcome("--leak-exit-code=0", "--", leaky(), "1", "5");
        assertThat(seven.exit()).as(seven.err()).isEqualTo(7);
        assertThat(own.exit()).as(own.err()).isZero();
        assertThat(own.err()).contains("orphaned-pipe");
    }

    @Test
    void findsTheLeaksOfAProcessThatLivesForAMomentOnly() {
        Workbench.need("python3");
        String leak = """
                import os
                for _ in range(5):
                    r, w = os.pipe()
                    if os.fork() == 0: os._exit(0)
                    os.close(w); os.wait()
                os._exit(0)
                """;
        Outcome outcome = outcome("--grace=0s", "--", "python3", "-c", leak);
        assertThat(outcome.exit()).as(outcome.err()).isEqualTo(LEAKS);
        assertThat(outcome.err()).contains("orphaned-pipe: python3: 5 pipes");
    }

    @Test
    void followsADaemonThatHasLeftItsParents() {
        Outcome outcome = outcome("--", "sh", "-c", "(setsid " + leaky() + " 1 5 >/dev/null 2>&1 &); sleep 8");
        assertThat(outcome.exit()).as(outcome.err()).isEqualTo(LEAKS);
        assertThat(outcome.err()).contains("2 leaks at 1 site");
    }

    @Test
    void doesNotWaitForWhatTheCommandLeavesBehind() {
        Outcome outcome = outcome("--", "sh", "-c", "sleep 40 >/dev/null 2>&1 & exit 0");
        assertThat(outcome.exit()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("warning: 1 process still runs");
    }

    @Test
    void acceptsWhatTheBaselineKnows() {
        String baseline = "--baseline=" + folder.resolve("baseline.json");
        Outcome written = outcome(baseline, "--update-baseline", "--", leaky(), "1", "5");
        Outcome accepted = outcome(baseline, "--", leaky(), "1", "5");
        Outcome other =
                outcome(baseline, "--", new CorpusCase("c-zombies").build().toString(), "1", "3");
        assertThat(written.exit()).as(written.err()).isZero();
        assertThat(accepted.exit()).as(accepted.err()).isZero();
        assertThat(accepted.err()).contains("1 accepted by the baseline");
        assertThat(other.exit()).as(other.err()).isEqualTo(LEAKS);
    }

    @Test
    void failsForDescriptorsThatAreOpenAtExitOnlyWhenAsked() {
        String script = "exec 5</dev/null";
        Outcome ignored = outcome("--", "sh", "-c", script);
        Outcome reported = outcome("--at-exit=report", "--", "sh", "-c", script);
        Outcome failed = outcome("--at-exit=fail", "--", "sh", "-c", script);
        assertThat(ignored.err()).isEmpty();
        assertThat(reported.exit()).isZero();
        assertThat(reported.err()).contains("open-at-exit: sh: 1 device", "fd 5 (device)");
        assertThat(failed.exit()).isEqualTo(LEAKS);
    }

    @Test
    void writesTheReportThatIsAskedFor() throws IOException {
        Path json = folder.resolve("report.json");
        Path junit = folder.resolve("report.xml");
        Path sarif = folder.resolve("report.sarif");
        outcome("--report=json", "--output=" + json, "--", leaky(), "1", "5");
        outcome("--report=junit", "--output=" + junit, "--", leaky(), "1", "5");
        Outcome last = outcome("--report=sarif", "--output=" + sarif, "--", leaky(), "1", "5");

        JsonNode leaks = Api.parse(Files.readString(json));
        assertThat(leaks.at("/total").asInt()).isEqualTo(2);
        assertThat(leaks.at("/leaks")).allSatisfy(leak -> {
            assertThat(leak.at("/rule").asText()).isEqualTo("orphaned-pipe");
            assertThat(leak.at("/child/comm").asText()).isEqualTo("sh");
            /* Of a process that is gone by now. */
            assertThat(leak.at("/process/exe").asText()).contains("python3");
            assertThat(leak.at("/hint").asText()).contains("Python: ");
        });
        assertThat(Files.readString(junit)).startsWith("<?xml").contains("failures=\"1\"", "<failure ");
        assertThat(Api.parse(Files.readString(sarif))
                        .at("/runs/0/results/0/ruleId")
                        .asText())
                .isEqualTo("orphaned-pipe");
        assertThat(last.err()).isEqualTo("ghostfd: 2 leaks at 1 site; see " + sarif + "\n");
    }

    @Test
    void annotatesOnGithub() {
        Outcome outcome = Outcome.of(run("--", leaky(), "1", "5"), Map.of("GITHUB_ACTIONS", "true"), 2);
        assertThat(outcome.err()).contains("::warning title=ghostfd orphaned-pipe::");
        assertThat(outcome.out()).doesNotContain("::");
    }

    @Test
    void tenAtOnceSeeOnlyTheirOwn() throws IOException {
        /* Python closes its pipes before it exits, so a sweep has to see them: of ten JVMs that start at once, some wait
         * for a processor for seconds. */
        List<String> command = List.of("--", leaky(), "1", "10");
        List<Process> runs = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            String output = "--output=" + folder.resolve("report-" + i);
            runs.add(StartedProcesses.start(new ProcessBuilder(Stream.of(run("--report=json", output), command)
                            .flatMap(List::stream)
                            .toList())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(folder.resolve("err-" + i).toFile())));
        }
        for (int i = 0; i < runs.size(); i++) {
            assertThat(runs.get(i)
                            .onExit()
                            .orTimeout(180, TimeUnit.SECONDS)
                            .join()
                            .exitValue())
                    .as(Files.readString(folder.resolve("err-" + i)))
                    .isEqualTo(LEAKS);
            JsonNode report = Api.parse(Files.readString(folder.resolve("report-" + i)));
            assertThat(report.at("/total").asInt()).isEqualTo(2);
            assertThat(report.at("/warnings")).isEmpty();
        }
    }
}
