/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.http.ListenAddress;
import dev.ghostfd.http.access.Access;
import dev.ghostfd.kernel.BootTime;
import dev.ghostfd.kernel.KernelException;
import dev.ghostfd.kernel.Privileges;
import dev.ghostfd.kernel.Tracer;
import dev.ghostfd.kernel.TracerOptions;
import dev.ghostfd.leak.Subtrees;
import dev.ghostfd.leak.Tracing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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

    @Option(
            names = "--web.listen-address",
            paramLabel = "ADDRESS",
            defaultValue = ":10024",
            description = "Where to serve HTTP: :PORT, HOST:PORT or [IPV6]:PORT (default ${DEFAULT-VALUE}).")
    private String listenAddress;

    @Option(
            names = "--web.config.file",
            paramLabel = "FILE",
            description = "TLS, client certificates and passwords, in the format of Prometheus' exporters;"
                    + " read again when it changes.")
    private Optional<Path> webConfig;

    @Option(
            names = "--expose-args",
            description =
                    "Show the command line of a process at /api/v1/processes/PID. Command lines often hold secrets.")
    private boolean exposeArguments;

    @Mixin
    private TraceOptions trace;

    @Option(
            names = "--max-series",
            paramLabel = "N",
            defaultValue = "500",
            description = "Workloads with metrics of their own; the smallest beyond collapse into comm=\"other\""
                    + " (default ${DEFAULT-VALUE}).")
    private int maxSeries;

    @Mixin
    private ScopeOptions scope;

    @Mixin
    private ExcludeOption exclude;

    @Mixin
    private KubeletFlags kubelet;

    @Mixin
    private PathOptions paths;

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

    private final Shutdown shutdown = new Shutdown();

    @Override
    public Integer call() throws IOException, InterruptedException {
        final ListenAddress address = checkOptions();
        final List<Integer> pids = scope.pids(paths);
        Logging.configure(logLevel, logFormat);
        LOG.debug("capabilities: {}", Privileges.describe());
        TracerOptions options = scope.tracer(paths, true, trace.ringBytes(), trace.stacks());
        Access access = webConfig.isPresent() ? Access.configured(webConfig.get()) : Access.open();
        NodeNames names = new NodeNames(paths, kubelet.options(System.getenv()), exposeArguments);
        Outlets outlets = new Outlets(address, access, maxSeries, names.attribution(), exclude.filter());
        /* Both take a second of class loading and compiling: on two cores, side by side. */
        Future<?> listening = outlets.start();
        try (names;
                outlets;
                Tracer tracer = Tracer.open(options);
                Tracing tracing = tracing(tracer, pids);
                CallSiteReading sites = callSites(tracing)) {
            outlets.show(tracing, sites.callSites());
            shutdown.install();
            tracing.start();
            names.lookAhead(tracing::view);
            OldGeneration.keepSmall();
            listening.get();
            LOG.info("tracing; listening on port {}: {}", outlets.port(), access.describe());
            CompletableFuture.anyOf(shutdown.asked(), tracing.ended()).get();
            LOG.info("stopping");
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException cannotListen) {
                throw cannotListen;
            }
            throw new KernelException("go on tracing", 0, failed.getCause().toString());
        } finally {
            shutdown.done();
        }
        return 0;
    }

    private ListenAddress checkOptions() {
        trace.check();
        if (maxSeries < 1) {
            throw bad("--max-series", "must be at least 1, not " + maxSeries);
        }
        try {
            return ListenAddress.parse(listenAddress);
        } catch (IllegalArgumentException wrong) {
            throw bad("--web.listen-address", wrong.getMessage());
        }
    }

    private ParameterException bad(String option, String why) {
        return new ParameterException(command.commandLine(), "Invalid value for option '" + option + "': " + why);
    }

    private CallSiteReading callSites(Tracing tracing) {
        return trace.stacks() ? Stacks.of(tracing, paths.host().procfs()) : CallSiteReading.NONE;
    }

    private Tracing tracing(Tracer tracer, List<Integer> pids) {
        Subtrees.admit(tracer, pids);
        return new Tracing(tracer, trace.tracing(), BootTime::now);
    }
}
