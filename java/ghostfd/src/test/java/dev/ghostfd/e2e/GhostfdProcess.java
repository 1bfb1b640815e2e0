/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A running daemon, ready to serve. Closing it sends SIGTERM, and SIGKILL if that does not help. */
final class GhostfdProcess implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(20);
    private static final Set<String> REPEATABLE = Set.of("--pid=", "--cgroup=", "--exclude-comm=");
    private static final AtomicInteger STARTED = new AtomicInteger();
    private static final List<GhostfdProcess> RECENT = new ArrayList<>();

    private final Process process;
    private final Path stderr;
    private final Api api;
    private final Duration readyAfter;

    private GhostfdProcess(List<String> command, Api api) throws IOException {
        String name = "daemon-" + ProcessHandle.current().pid() + "-" + STARTED.incrementAndGet();
        stderr = Workbench.folder("logs").resolve(name + ".err");
        long begin = System.nanoTime();
        process = StartedProcesses.start(new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(stderr.resolveSibling(name + ".out").toFile())
                .redirectError(stderr.toFile()));
        this.api = api;
        RECENT.add(this);
        awaitReady();
        readyAfter = Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Starts `ghostfd daemon` with these options, short times, and a free port of the loopback interface. */
    static GhostfdProcess daemon(String... options) {
        return startedBy(List.of(), options);
    }

    /** The same at a port of one's own choice. */
    static GhostfdProcess daemonAt(int port, String... options) {
        return started(List.of(), port, Api::new, options);
    }

    /** The same by way of another command, `unshare --mount` say. */
    static GhostfdProcess startedBy(List<String> wrapper, String... options) {
        return startedBy(wrapper, Api::new, options);
    }

    /** The same with another client for its port, one that speaks TLS say. */
    static GhostfdProcess startedBy(List<String> wrapper, IntFunction<Api> client, String... options) {
        return started(wrapper, freePort(), client, options);
    }

    private static GhostfdProcess started(List<String> wrapper, int port, IntFunction<Api> client, String... options) {
        List<String> arguments = new ArrayList<>(
                List.of("daemon", "--web.listen-address=127.0.0.1:" + port, "--grace=2s", "--sweep-interval=1s"));
        for (String option : options) {
            // A later option takes the place of an earlier one; the parser may refuse both.
            String prefix = option.substring(0, option.indexOf('=') + 1);
            if (!REPEATABLE.contains(prefix)) {
                arguments.removeIf(argument -> argument.startsWith(prefix));
            }
            arguments.add(option);
        }
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(Workbench.ghostfd(arguments.toArray(String[]::new)));
        try {
            return new GhostfdProcess(command, client.apply(port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        try {
            while (!api.isReady()) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    StartedProcesses.kill(process);
                    throw new AssertionError(
                            (process.isAlive() ? "not ready in time" : "ended with " + process.exitValue())
                                    + "; stderr:\n" + stderr());
                }
                var _ = process.waitFor(20, MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            StartedProcesses.kill(process);
            throw new IllegalStateException(e);
        }
    }

    Api api() {
        return api;
    }

    /** From the start of the JVM to the first 200 of /readyz. */
    Duration readyAfter() {
        return readyAfter;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String stderr() {
        try {
            return Files.readString(stderr);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Resident memory in bytes. */
    long residentBytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum()
                    * 1024;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The BPF objects it holds, as `prog_id:12`, read from the fdinfo of its descriptors. */
    List<String> bpfObjects() {
        Pattern id = Pattern.compile("^(prog_id|map_id|link_id):\\s*(\\d+)");
        List<String> found = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid()), "fdinfo"))) {
            for (Path descriptor : descriptors.toList()) {
                try (Stream<String> lines = Files.lines(descriptor)) {
                    lines.map(id::matcher)
                            .filter(matcher -> matcher.find())
                            .forEach(matcher -> found.add(matcher.group(1) + ":" + matcher.group(2)));
                } catch (UncheckedIOException | IOException e) {
                    // Closed meanwhile: the daemon opens and closes iterators all the time.
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** SIGTERM; returns how long it took to end. */
    Duration terminate() {
        long begin = System.nanoTime();
        process.destroy();
        try {
            if (!process.waitFor(10_000, MILLISECONDS)) {
                throw new AssertionError("still running 10 s after SIGTERM; stderr:\n" + stderr());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    int exitValue() {
        return process.exitValue();
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5_000, MILLISECONDS)) {
                StartedProcesses.kill(process);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            StartedProcesses.kill(process);
        }
    }

    /** Prints what the daemons of a failed test have said. */
    static final class LogsOnFailure implements AfterTestExecutionCallback {
        @Override
        public void afterTestExecution(ExtensionContext context) {
            if (context.getExecutionException().isPresent()) {
                for (GhostfdProcess daemon : RECENT) {
                    System.err.printf(
                            "---- %s: stderr of daemon %d:%n%s%n",
                            context.getDisplayName(), daemon.pid(), daemon.stderr());
                }
            }
            RECENT.removeIf(daemon -> !daemon.isAlive());
        }
    }
}
