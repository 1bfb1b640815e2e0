/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the daemon could do if somebody got hold of it, as the kernel sees it; see docs/security.md. */
@ExtendWith(GhostfdProcess.LogsOnFailure.class)
class CapabilitiesIT {
    /** linux/capability.h. */
    private static final int DAC_READ_SEARCH = 2;

    private static final int NET_BIND_SERVICE = 10;
    private static final int SYS_PTRACE = 19;
    private static final int PERFMON = 38;
    private static final int BPF = 39;
    private static final int CHECKPOINT_RESTORE = 40;
    private static final long DOCUMENTED = set(DAC_READ_SEARCH, SYS_PTRACE, PERFMON, BPF, CHECKPOINT_RESTORE);
    private static final int LOW_PORTS = 1023;
    private static final String LEAKY = """
            import subprocess, time
            kept = subprocess.Popen(["true"], stdout=subprocess.PIPE)
            time.sleep(60)
            """;

    private static long set(int... capabilities) {
        long set = 0;
        for (int capability : capabilities) {
            set |= 1L << capability;
        }
        return set;
    }

    /** The lines of /proc/PID/task/TID/status about privileges, of every thread. */
    private static List<Map<String, Long>> threads(long pid) {
        List<Map<String, Long>> threads = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path task : tasks.toList()) {
                Map<String, Long> lines = new TreeMap<>();
                for (String line : Files.readAllLines(task.resolve("status"))) {
                    String[] parts = line.split(":\\s*", 2);
                    if (parts[0].matches("Cap.*|NoNewPrivs")) {
                        lines.put(parts[0], Long.parseUnsignedLong(parts[1], 16));
                    }
                }
                threads.add(lines);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return threads;
    }

    private static void assertEveryThreadHas(long pid, long capabilities, LongUnaryOperator bounding) {
        assertThat(threads(pid))
                .hasSizeGreaterThan(3)
                .allSatisfy(thread -> assertThat(thread)
                        .containsEntry("CapEff", capabilities)
                        .containsEntry("CapPrm", capabilities)
                        .containsEntry("CapInh", 0L)
                        .containsEntry("CapAmb", 0L)
                        .containsEntry("NoNewPrivs", 1L)
                        .hasEntrySatisfying("CapBnd", set -> assertThat(set).isEqualTo(bounding.applyAsLong(set))));
    }

    @Test
    void keepsFewCapabilitiesInEveryThreadAndStillFindsLeaksOfOthers() {
        Workbench.need("setpriv");
        List<String> asNobody =
                List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/python3", "-c", LEAKY);
        try (ScopeRoot leaking = ScopeRoot.waitingToRun(asNobody.toArray(String[]::new));
                GhostfdProcess daemon = GhostfdProcess.daemon(leaking.scope())) {
            assertEveryThreadHas(daemon.pid(), DOCUMENTED, bounding -> DOCUMENTED);

            leaking.release();
            JsonNode leak = awaitLeak(daemon);
            assertThat(leak.at("/confidence").asText()).isEqualTo("confirmed");
            assertThat(leak.at("/process/exe").asText()).contains("python");
            assertThat(leak.at("/descriptor/closeOnExec").isBoolean()).isTrue();
            assertEveryThreadHas(daemon.pid(), DOCUMENTED, bounding -> DOCUMENTED);
            assertThat(daemon.stderr()).doesNotContain("privileges");
        }
    }

    private static JsonNode awaitLeak(GhostfdProcess daemon) {
        return await().atMost(Duration.ofSeconds(20))
                .until(() -> daemon.api().leaks("rule=orphaned-pipe"), found -> found.size() == 1)
                .getFirst();
    }

    @Test
    void takesOverNothingThatItHadOpenedBefore() throws IOException {
        try (ScopeRoot observed = ScopeRoot.running("sleep", "50");
                GhostfdProcess daemon = GhostfdProcess.daemon(observed.scope());
                Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(daemon.pid()), "fd"))) {
            assertThat(descriptors
                            .map(CapabilitiesIT::target)
                            .filter(target -> target.equals(Workbench.JAR.toString())))
                    .hasSize(1);
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    @Test
    void asksForNoMoreThanItIsGiven() {
        Workbench.need("setpriv");
        List<String> two = List.of("setpriv", "--bounding-set=-all,+bpf,+perfmon", "--inh-caps=-all,+bpf,+perfmon");
        try (ScopeRoot observed = ScopeRoot.running("sleep", "50");
                GhostfdProcess daemon = GhostfdProcess.startedBy(two, observed.scope())) {
            assertThat(threads(daemon.pid()))
                    .allSatisfy(thread -> assertThat(thread.get("CapEff")).isEqualTo(set(BPF, PERFMON)));
            assertThat(daemon.api().process(observed.pid()).at("/comm").asText())
                    .isEqualTo("sleep");
        }
    }

    @Test
    void losesPrivilegesAlsoWhereTheBoundingSetCannotBeChanged() {
        Workbench.need("setpriv");
        List<String> withoutSetpcap = List.of("setpriv", "--bounding-set=-setpcap", "--inh-caps=-setpcap");
        try (ScopeRoot observed = ScopeRoot.running("sleep", "50");
                GhostfdProcess daemon = GhostfdProcess.startedBy(withoutSetpcap, observed.scope())) {
            assertEveryThreadHas(daemon.pid(), DOCUMENTED, bounding -> bounding);
        }
    }

    @Test
    void keepsWhatALowPortNeeds() {
        int port = freeLowPort();
        try (ScopeRoot observed = ScopeRoot.running("sleep", "50");
                GhostfdProcess daemon = GhostfdProcess.startedBy(
                        List.of(), any -> new Api(port), observed.scope(), "--web.listen-address=127.0.0.1:" + port)) {
            long oneMore = DOCUMENTED | set(NET_BIND_SERVICE);
            assertEveryThreadHas(daemon.pid(), oneMore, bounding -> oneMore);
        }
    }

    private static int freeLowPort() {
        for (int port = LOW_PORTS; port > 1; port--) {
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException taken) {
                // The next one, then.
            }
        }
        throw new AssertionError("no port below " + LOW_PORTS + " is free");
    }
}
