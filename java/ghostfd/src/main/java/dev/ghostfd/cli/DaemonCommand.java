/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.http.ListenAddress;
import dev.ghostfd.kernel.BootTime;
import dev.ghostfd.kernel.KernelException;
import dev.ghostfd.kernel.Tracer;
import dev.ghostfd.kernel.TracerOptions;
import dev.ghostfd.leak.Subtrees;
import dev.ghostfd.leak.Tracing;
import dev.ghostfd.leak.TracingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ghostfd daemon}: wires kernel, lifecycle, rules and outlets together and waits. */
@Command(
        name = "daemon",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Traces the node and serves findings over HTTP until SIGTERM.")
final class DaemonCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonCommand.class);
    private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");
    private static final Duration RECONCILE_INTERVAL = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    @Option(
            names = "--web.listen-address",
            paramLabel = "ADDRESS",
            defaultValue = ":10024",
            description = "Where to serve HTTP: :PORT, HOST:PORT or [IPV6]:PORT (default ${DEFAULT-VALUE}).")
    private String listenAddress;

    @Option(
            names = "--grace",
            paramLabel = "DURATION",
            defaultValue = "30s",
            description = "How long a condition must hold before it is reported (default ${DEFAULT-VALUE}).")
    private Duration grace;

    @Option(
            names = "--sweep-interval",
            paramLabel = "DURATION",
            defaultValue = "5s",
            description = "How often findings are verified against the kernel (default ${DEFAULT-VALUE}).")
    private Duration sweepInterval;

    @Option(
            names = "--ring-buffer",
            paramLabel = "SIZE",
            defaultValue = "16MiB",
            description = "Room for events that wait to be read, a power of two (default ${DEFAULT-VALUE}).")
    private ByteSize ringBuffer;

    @Option(
            names = "--max-series",
            paramLabel = "N",
            defaultValue = "500",
            description = "Workloads with metrics of their own; the smallest beyond collapse into comm=\"other\""
                    + " (default ${DEFAULT-VALUE}).")
    private int maxSeries;

    @Mixin
    private ScopeOptions scope;

    @Option(
            names = "--log.level",
            paramLabel = "LEVEL",
            defaultValue = "info",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    private Logging.Severity logLevel;

    @Option(
            names = "--log.format",
            paramLabel = "FORMAT",
            defaultValue = "logfmt",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    private Logging.Format logFormat;

    @Spec
    private CommandSpec command;

    /** Completed when everything is closed, with whether that was asked for. */
    private final CompletableFuture<Boolean> stopped = new CompletableFuture<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        final ListenAddress address = checkOptions();
        final List<Integer> pids = scope.pids();
        Logging.configure(logLevel, logFormat);
        TracerOptions options = new TracerOptions(true, ringBuffer.bytes(), !pids.isEmpty(), scope.cgroups(MOUNTINFO));
        CompletableFuture<Void> asked = new CompletableFuture<>();
        Thread hook = new Thread(() -> stopAndWait(asked), "shutdown");
        Outlets outlets = new Outlets(address, maxSeries, MOUNTINFO);
        /* Both take a second of class loading and compiling: on two cores, side by side. */
        Future<?> listening = outlets.start();
        try (outlets;
                Tracer tracer = Tracer.open(options);
                Tracing tracing = tracing(tracer, pids)) {
            outlets.show(tracing);
            Runtime.getRuntime().addShutdownHook(hook);
            tracing.start();
            listening.get();
            LOG.info("tracing; listening on port {}", outlets.port());
            CompletableFuture.anyOf(asked, tracing.ended()).get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException cannotListen) {
                throw cannotListen;
            }
            throw new KernelException("go on tracing", 0, failed.getCause().toString());
        } finally {
            LOG.info("stopped");
            stopped.complete(asked.isDone());
        }
        return 0;
    }

    /** Runs when a signal asks the JVM to end: waits until everything is closed, and ends it as a success. */
    private void stopAndWait(CompletableFuture<Void> asked) {
        asked.complete(null);
        if (stopped.join()) {
            Runtime.getRuntime().halt(0);
        }
    }

    private ListenAddress checkOptions() {
        RingBufferOption.check(command, ringBuffer);
        check(grace, "--grace", Duration.ZERO);
        check(sweepInterval, "--sweep-interval", Duration.ofMillis(100));
        if (maxSeries < 1) {
            throw bad("--max-series", "must be at least 1, not " + maxSeries);
        }
        try {
            return ListenAddress.parse(listenAddress);
        } catch (IllegalArgumentException wrong) {
            throw bad("--web.listen-address", wrong.getMessage());
        }
    }

    private void check(Duration value, String option, Duration least) {
        if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
            throw bad(option, "must be between " + least.toMillis() + "ms and 365d");
        }
    }

    private ParameterException bad(String option, String why) {
        return new ParameterException(command.commandLine(), "Invalid value for option '" + option + "': " + why);
    }

    private Tracing tracing(Tracer tracer, List<Integer> pids) {
        Subtrees.admit(tracer, pids);
        TracingOptions options =
                new TracingOptions(grace.toNanos(), sweepInterval.toNanos(), RECONCILE_INTERVAL.toNanos());
        return new Tracing(tracer, options, BootTime::now);
    }
}
