/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.event.BootClock;
import dev.ghostfd.event.RecordingReader;
import dev.ghostfd.http.JsonReport;
import dev.ghostfd.leak.Leak;
import dev.ghostfd.leak.Replay;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ghostfd replay}. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Analyses a recording again and prints every leak that was found, resolved or not. Needs no"
                + " privileges. A damaged recording is analysed up to the damage; the exit code is then 1.")
final class ReplayCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "A file made by 'ghostfd record'.")
    private Path file;

    @Option(
            names = "--grace",
            paramLabel = "DURATION",
            description = "How long a condition must hold before it is reported (default: as recorded).")
    private Optional<Duration> grace;

    @Option(names = "--json", description = "Print JSON, leaks as /api/v1/leaks has them.")
    private boolean json;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        Replay.Result result;
        BootClock clock;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
                RecordingReader recording = new RecordingReader(in)) {
            clock = new BootClock(recording.wallClockOffset());
            result = Replay.of(recording, grace.map(Duration::toNanos).orElse(recording.grace()));
        } catch (NoSuchFileException missing) {
            throw new IOException("there is no file " + file, missing);
        }
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            JsonReport.writeReplay(result, clock, System.out);
            System.out.println();
        } else {
            result.findings().forEach(finding -> write(out, finding, clock));
            out.printf("%d leaks found%n", result.findings().size());
        }
        out.flush();
        result.damage()
                .ifPresent(damage -> command.commandLine()
                        .getErr()
                        .println("ghostfd replay: " + file + ": " + damage + "; this is what was found before"));
        return result.damage().isPresent() ? 1 : 0;
    }

    private static void write(PrintWriter out, Replay.Finding finding, BootClock clock) {
        Leak leak = finding.leak();
        Instant since = clock.instant(leak.firstSeen());
        String descriptor = leak.descriptor()
                .map(known ->
                        " fd " + known.view().fd() + " (" + known.view().end().label() + " end)")
                .orElse("");
        String child = leak.child()
                .map(known -> " child " + known.id().pid() + " " + known.comm())
                .orElse("");
        String resolved = finding.resolvedAt().isPresent()
                ? " resolved " + clock.instant(finding.resolvedAt().getAsLong())
                : "";
        out.println(since + " " + leak.rule().label() + " " + leak.confidence().label() + " "
                + leak.process().comm() + "[" + leak.process().id().pid() + "]" + descriptor + child + resolved);
    }
}
