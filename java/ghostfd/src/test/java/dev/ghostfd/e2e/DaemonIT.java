/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ghostfd.e2e.Workbench.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Starting, stopping and being killed. */
@ExtendWith(GhostfdProcess.LogsOnFailure.class)
class DaemonIT {
    /** Most of it is the kernel's: it waits for its readers once per program. A CI machine may be slower at that. */
    private static final Duration STOPPED_WITHIN =
            Duration.ofSeconds(Boolean.parseBoolean(System.getenv("CI")) ? 4 : 2);

    private ScopeRoot observed;

    @BeforeEach
    void startSomethingToObserve() {
        observed = ScopeRoot.running("sleep", "50");
    }

    @AfterEach
    void stopIt() {
        observed.close();
    }

    @Test
    void isReadySoonAndSmall() {
        try (GhostfdProcess daemon = GhostfdProcess.daemon(observed.scope())) {
            assertThat(daemon.readyAfter()).isLessThan(Duration.ofSeconds(3));
            for (int i = 0; i < 10; i++) {
                assertThat(daemon.api().get("/metrics").statusCode()).isEqualTo(200);
                assertThat(daemon.api().json("/api/v1/status").required("ready").asBoolean())
                        .isTrue();
            }
            assertThat(daemon.residentBytes()).isLessThan(128L << 20);
            assertThat(daemon.stderr()).doesNotContain("WARNING:", "\tat ");
        }
    }

    @Test
    void stopsWithinTwoSecondsOfSigterm() {
        try (GhostfdProcess daemon = GhostfdProcess.daemon(observed.scope())) {
            assertThat(daemon.terminate()).isLessThan(STOPPED_WITHIN);
            // 0, or what a JVM makes of the signal.
            assertThat(daemon.exitValue()).isIn(0, 143);
            assertThat(daemon.stderr()).doesNotContain("\tat ");
        }
    }

    @Test
    void leavesNothingInTheKernelWhenKilledAndStartsAgain() {
        String alive = Workbench.compileC("bpfalive");
        List<String> check = new ArrayList<>(List.of(alive));
        try (GhostfdProcess daemon = GhostfdProcess.daemon(observed.scope())) {
            check.addAll(daemon.bpfObjects());
            assertThat(check).anyMatch(name -> name.startsWith("prog_id:"));
            assertThat(check).anyMatch(name -> name.startsWith("map_id:"));
            assertThat(Outcome.of(check).out().lines())
                    .as("what it holds is there")
                    .hasSizeGreaterThan(2);
            daemon.kill();
        }
        // The kernel frees programs and maps after a grace period of its own.
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(Outcome.of(check).out())
                        .as("BPF objects left behind")
                        .isEmpty());

        try (GhostfdProcess second = GhostfdProcess.daemon(observed.scope())) {
            JsonNode status = second.api().json("/api/v1/status");
            assertThat(status.at("/version").asText()).isNotEmpty();
            assertThat(second.api().process(observed.pid()).at("/comm").asText())
                    .isEqualTo("sleep");
        }
    }

    @Test
    void mountsTracefsWhereItIsMissing() {
        Workbench.need("unshare");
        String withoutTracefs = """
                for mounted in /sys/kernel/debug/tracing /sys/kernel/tracing /sys/kernel/debug; do
                    while umount "$mounted" 2>/dev/null; do :; done
                done
                test ! -e /sys/kernel/tracing/events && exec "$@"
                """;
        try (GhostfdProcess daemon = GhostfdProcess.startedBy(
                List.of("unshare", "--mount", "sh", "-c", withoutTracefs, "sh"), observed.scope())) {
            assertThat(daemon.api().isReady()).isTrue();
        }
    }

    @Test
    void servesWhatItPromisesAndNamesWhatIsWrong() {
        try (GhostfdProcess daemon = GhostfdProcess.daemon(observed.scope())) {
            Api api = daemon.api();
            assertThat(api.get("/healthz").statusCode()).isEqualTo(200);
            assertThat(api.get("/metrics").body())
                    .contains(
                            "# TYPE ghostfd_open_descriptors gauge",
                            "# TYPE ghostfd_events_total counter",
                            "# TYPE ghostfd_ring_buffer_bytes gauge",
                            "ghostfd_program_attached{",
                            "ghostfd_build_info{",
                            "jvm_memory");
            assertThat(api.json("/api/v1/leaks").required("total").asInt()).isZero();
            assertThat(api.json("/api/v1/processes").required("processes"))
                    .anySatisfy(
                            process -> assertThat(process.at("/pid").asInt()).isEqualTo(observed.pid()));

            assertError(api, "/api/v1/leaks?limit=banana", 400, "limit");
            assertError(api, "/api/v1/leaks?colour=blue", 400, "colour");
            assertError(api, "/api/v1/processes?sort=banana", 400, "sort");
            assertError(api, "/api/v1/processes/banana", 400, "pid");
            assertError(api, "/api/v1/processes/99999999", 404, "99999999");
            assertError(api, "/api/v1/nothing", 404, "");
        }
    }

    private static void assertError(Api api, String path, int status, String named) {
        var response = api.get(path);
        assertThat(response.statusCode()).as(path).isEqualTo(status);
        JsonNode error = Api.parse(response.body()).required("error");
        assertThat(error.required("status").asInt()).isEqualTo(status);
        assertThat(error.required("message").asText()).isNotBlank().contains(named);
    }
}
