/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.event.RecordingWriter;
import dev.ghostfd.kernel.BootTime;
import dev.ghostfd.kernel.KernelException;
import dev.ghostfd.kernel.Tracer;
import dev.ghostfd.kernel.TracerOptions;
import dev.ghostfd.leak.Subtrees;
import dev.ghostfd.leak.Tracing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ghostfd record}. */
@Command(
        name = "record",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Writes the raw event stream, with the snapshots that go with it, to a file for 'ghostfd replay';"
                + " until interrupted.")
final class RecordCommand implements Callable<Integer> {
    private static final long FOREVER_NANOS = Long.MAX_VALUE;

    @Parameters(paramLabel = "FILE", description = "The recording; must not exist yet.")
    private Path file;

    @Option(names = "--duration", paramLabel = "DURATION", description = "Stop after this long.")
    private Optional<Duration> duration;

    @Mixin
    private TraceOptions trace;

    @Mixin
    private ScopeOptions scope;

    @Mixin
    private PathOptions paths;

    @Spec
    private CommandSpec command;

    private final Shutdown shutdown = new Shutdown();

    @Override
    public Integer call() throws IOException, InterruptedException {
        trace.check();
        final List<Integer> pids = scope.pids(paths);
        TracerOptions options = scope.tracer(paths, true, trace.ringBytes(), false);
        try (Tracer tracer = Tracer.open(options);
                RecordingWriter recording = create();
                Tracing tracing = Tracing.recorded(tracer, trace.tracing(), BootTime::now, recording)) {
            Subtrees.admit(tracer, pids);
            shutdown.install();
            tracing.start();
            OldGeneration.keepSmall();
            waitForEnd(tracing);
        } finally {
            shutdown.done();
        }
        return 0;
    }

    private RecordingWriter create() throws IOException {
        try {
            return new RecordingWriter(
                    file, BootTime.wallClockOffset(), trace.tracing().grace());
        } catch (FileAlreadyExistsException exists) {
            throw new IOException("the file " + file + " exists already; remove it or choose another name", exists);
        } catch (NoSuchFileException noFolder) {
            throw new IOException("cannot create " + file + ": there is no such folder", noFolder);
        }
    }

    private void waitForEnd(Tracing tracing) throws IOException, InterruptedException {
        long limit = duration.map(Duration::toNanos).orElse(FOREVER_NANOS);
        try {
            CompletableFuture.anyOf(tracing.begun(), tracing.ended()).get();
            command.commandLine().getErr().println("ghostfd record: recording to " + file + "");
            CompletableFuture.anyOf(shutdown.asked(), tracing.ended()).get(limit, TimeUnit.NANOSECONDS);
        } catch (TimeoutException over) {
            return;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof UncheckedIOException full) {
                throw full.getCause();
            }
            throw new KernelException("go on recording", 0, failed.getCause().toString());
        }
    }
}
