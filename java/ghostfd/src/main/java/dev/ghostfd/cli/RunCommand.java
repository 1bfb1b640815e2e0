/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.attribution.CallSites;
import dev.ghostfd.kernel.BootTime;
import dev.ghostfd.kernel.CommandProcess;
import dev.ghostfd.kernel.GivenDescriptors;
import dev.ghostfd.kernel.KernelException;
import dev.ghostfd.kernel.Tracer;
import dev.ghostfd.kernel.TracerOptions;
import dev.ghostfd.leak.NodeView;
import dev.ghostfd.leak.RunFindings;
import dev.ghostfd.leak.Tracing;
import dev.ghostfd.lifecycle.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ghostfd run}: a command under observation, in the foreground, with everything it starts. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        defaultValueProvider = RunOptions.Defaults.class,
        exitCodeOnExecutionException = RunCommand.GHOSTFD_FAILED,
        description = {
            "Runs a command, traces it and all its descendants, then reports the descriptors that they leaked.",
            "Exit code: the command's own (128 + N if signal N ended it, 126 if it cannot be run, 127 if there is none);"
                    + " --leak-exit-code when leaks were found; 125 when ghostfd itself failed."
        })
final class RunCommand implements Callable<Integer> {
    static final int GHOSTFD_FAILED = 125;
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;
    private static final int BY_SIGNAL = 128;
    private static final long LOOK_MILLIS = 50;
    private static final Path ARGUMENTS = Path.of("/proc/self/cmdline");

    @Parameters(arity = "1..*", paramLabel = "CMD", description = "The command and its arguments.")
    private List<String> words;

    @Mixin
    private RunOptions options;

    @Mixin
    private TraceOptions trace;

    @Spec
    private CommandSpec command;

    private final ForwardedSignals signals = new ForwardedSignals();

    /** From when tracing begins; the report still asks for names when it has ended. */
    private Optional<Stacks> stacks = Optional.empty();

    /**
     * How the command ended.
     *
     * @param last what was left running then
     */
    private record Course(Instant startedAt, ExitStatus status, NodeView last) {
        int exitCode() {
            return status.signal() == 0 ? status.code() : BY_SIGNAL + status.signal();
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        GivenDescriptors given = GivenDescriptors.look();
        trace.check();
        options.check();
        /* Whatever could spoil the report is said before the command has run for an hour. */
        RunOutlet outlet = RunOutlet.prepare(options);
        signals.install();
        TracerOptions tracerOptions = new TracerOptions(true, trace.ringBytes(), true, List.of(), trace.stacks());
        try (Tracer tracer = Tracer.open(tracerOptions).withoutWaitAtClose()) {
            tracer.admitOwnChildren();
            RunFindings findings = new RunFindings(trace.tracing(), options.atExit() != RunOptions.AtExit.IGNORE);
            findings.tell(outlet.watcher());
            Course course = run(tracer, findings, given);
            if (findings.result().processes() == 0 && course.last().status().isReady()) {
                throw new KernelException("see the command", 0, "no event told of its end; run ghostfd doctor");
            }
            boolean leaks = outlet.reading(stacks.map(Stacks::patient).orElse(CallSites.NONE))
                    .report(words, course.startedAt(), course.exitCode(), findings.result(), course.last());
            return options.exitCode(course.exitCode(), leaks);
        } catch (CommandProcess.NotStarted notStarted) {
            command.commandLine().getErr().println("ghostfd run: " + notStarted.getMessage());
            return notStarted.isFound() ? NOT_EXECUTABLE : NOT_FOUND;
        } finally {
            stacks.ifPresent(Stacks::close);
        }
    }

    private Course run(Tracer tracer, RunFindings findings, GivenDescriptors given)
            throws InterruptedException, CommandProcess.NotStarted {
        try (Tracing tracing = Tracing.ofRun(tracer, trace.tracing(), BootTime::now, findings)) {
            if (trace.stacks()) {
                stacks = Optional.of(Stacks.eager(tracing, Path.of("/proc")));
            }
            tracing.start();
            await(tracing.begun(), tracing);
            Instant startedAt = Instant.now();
            if (signals.last().isPresent()) {
                return new Course(
                        startedAt, new ExitStatus(signals.last().getAsInt()), NodeView.starting(BootTime.now()));
            }
            CommandProcess process = CommandProcess.start(arguments(), given);
            signals.forwardTo(process);
            ExitStatus status = new ExitStatus(process.awaitEnd());
            return new Course(startedAt, status, lookAtWhatIsLeft(tracing));
        }
    }

    /** What the command has left running gets a grace to show what it holds, or until a signal. Most leave nothing. */
    private NodeView lookAtWhatIsLeft(Tracing tracing) throws InterruptedException {
        long deadline =
                BootTime.now() + trace.tracing().grace() + trace.tracing().sweepInterval();
        int signalled = signals.count();
        NodeView view = await(tracing.look(), tracing);
        while (signals.count() == signalled && !view.processes().isEmpty() && BootTime.now() < deadline) {
            Thread.sleep(LOOK_MILLIS);
            view = await(tracing.look(), tracing);
        }
        return view;
    }

    /** Fails if the consumer thread ends before. */
    private static <T> T await(CompletableFuture<T> awaited, Tracing tracing) throws InterruptedException {
        try {
            CompletableFuture.anyOf(awaited, tracing.ended()).get();
        } catch (ExecutionException failed) {
            throw new KernelException("go on tracing", 0, failed.getCause().toString());
        }
        if (!awaited.isDone()) {
            throw new KernelException("go on tracing", 0, "the consumer thread has ended");
        }
        return awaited.resultNow();
    }

    /** The same words byte for byte: a JVM in the C locale has lost what is not ASCII. They are the last of its own. */
    private List<byte[]> arguments() {
        try {
            byte[] all = Files.readAllBytes(ARGUMENTS);
            List<byte[]> split = new ArrayList<>();
            for (int start = 0, end = 0; end < all.length; end++) {
                if (all[end] == 0) {
                    split.add(Arrays.copyOfRange(all, start, end));
                    start = end + 1;
                }
            }
            return split.subList(split.size() - words.size(), split.size());
        } catch (IOException unreadable) {
            throw new KernelException("read the command line", 0, "mount /proc: " + unreadable.getMessage());
        }
    }
}
