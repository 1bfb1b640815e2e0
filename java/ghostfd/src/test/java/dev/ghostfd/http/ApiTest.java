/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import static dev.ghostfd.metrics.SampleNode.IN_CONTAINER;
import static dev.ghostfd.metrics.SampleNode.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ghostfd.event.Kind;
import dev.ghostfd.leak.Confidence;
import dev.ghostfd.lifecycle.ChildView;
import dev.ghostfd.lifecycle.DescriptorView;
import dev.ghostfd.lifecycle.End;
import dev.ghostfd.lifecycle.Origin;
import dev.ghostfd.lifecycle.ProcessDetail;
import dev.ghostfd.lifecycle.ProcessId;
import dev.ghostfd.lifecycle.ProcessView;
import dev.ghostfd.metrics.SampleNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiTest {
    private final TestServer server = new TestServer(new Limits(
            64,
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofMillis(100),
            8 << 20));

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void tellsAllOfALeakedPipeEnd() {
        server.node.set(new SampleNode()
                .orphanedPipe(4242, "agent", IN_CONTAINER, 17, Confidence.CONFIRMED)
                .view());

        assertThat(server.json("/api/v1/leaks"))
                .isEqualTo(TestServer.parse("""
            {"total":1,"leaks":[{"id":"leak-4242-17","rule":"orphaned-pipe","confidence":"confirmed","kind":"pipe",
             "origin":"traced",
             "process":{"pid":4242,"startTime":"2023-11-14T22:13:30.000Z","comm":"agent","exe":"/usr/bin/p4242",
              "container":{"id":"c0ffee","runtime":"containerd","name":"web","pod":"shop-1","namespace":"prod"},"cgroup":"/slice/7"},
             "descriptor":{"fd":17,"end":"read","inode":917,"closeOnExec":true,"openedAt":"2023-11-14T22:13:40.000Z",
              "openedBy":{"tid":4243,"comm":"agent-io"},"blockedThread":{"tid":4244,"comm":"agent-rd","syscall":"read"}},
             "child":{"pid":5151,"comm":"grep","startedAt":"2023-11-14T22:13:41.000Z",
              "exitedAt":"2023-11-14T22:13:50.000Z","exitCode":3,"signal":0,"reaped":true},
             "peer":{"readers":1,"writers":0,"bufferedBytes":0},
             "count":1,"firstSeen":"2023-11-14T22:14:43.000Z","ageSeconds":17.0,"hint":"%s"}]}
            """.formatted(dev.ghostfd.leak.Rule.ORPHANED_PIPE.hint())));
    }

    @Test
    void tellsThePidInsideTheContainer() {
        server.node.set(new SampleNode()
                .contained(4242, 7, "agent", IN_CONTAINER)
                .orphanedPipe(4242, "agent", IN_CONTAINER, 17, Confidence.CONFIRMED)
                .process(99, "host", 0, 1, 1024)
                .orphanedPipe(99, "host", 0, 18, Confidence.CONFIRMED)
                .view());

        assertThat(server.json("/api/v1/leaks?pid=4242")
                        .at("/leaks/0/process/nsPid")
                        .asInt())
                .isEqualTo(7);
        assertThat(server.json("/api/v1/leaks?pid=99").at("/leaks/0/process").has("nsPid"))
                .as("where it is no other")
                .isFalse();
        assertThat(server.json("/api/v1/processes?nsPid=7")
                        .at("/processes/0/pid")
                        .asInt())
                .isEqualTo(4242);
        assertThat(server.json("/api/v1/processes?runtime=containerd")
                        .at("/total")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void leavesOutWhatIsNotKnownOfAZombie() {
        server.node.set(new SampleNode().zombie(7, "init", 8).view());

        JsonNode leak = server.json("/api/v1/leaks?rule=unreaped-child").at("/leaks/0");

        assertThat(leak.has("descriptor")).isFalse();
        assertThat(leak.has("peer")).isFalse();
        assertThat(leak.get("process").has("exe")).isFalse();
        assertThat(leak.get("process").has("container")).isFalse();
        assertThat(leak.get("process").has("cgroup")).isFalse();
        assertThat(leak.get("child"))
                .as("what a signal ends has no exit code")
                .isEqualTo(TestServer.parse("{\"pid\":8,\"comm\":\"sleep\",\"signal\":9,\"reaped\":false}"));
        assertThat(leak.get("ageSeconds").doubleValue()).isEqualTo(61.2);
        assertThat(leak.get("origin").textValue()).isEqualTo("before-start");
    }

    @ParameterizedTest
    @CsvSource({
        "rule=orphaned-pipe, 3",
        "rule=unreaped-child, 1",
        "confidence=suspected, 1",
        "kind=process, 1",
        "origin=before-start, 1",
        "pid=4242, 2",
        "comm=agent, 2",
        "container=web, 2",
        "container=c0ffee, 2",
        "namespace=prod, 2",
        "pod=shop-1, 2",
        "pod=elsewhere, 0",
        "fd=17, 1",
        "end=write, 0",
        "pid=4242&confidence=suspected, 1",
        "comm=agent%20x, 0",
    })
    void filtersLeaksByTheirFields(String query, int total) {
        server.node.set(new SampleNode()
                .orphanedPipe(4242, "agent", IN_CONTAINER, 17, Confidence.CONFIRMED)
                .orphanedPipe(4242, "agent", IN_CONTAINER, 18, Confidence.SUSPECTED)
                .orphanedPipe(77, "other", 0, 19, Confidence.CONFIRMED)
                .zombie(7, "init", 8)
                .view());

        JsonNode answer = server.json("/api/v1/leaks?" + query);

        assertThat(answer.get("total").intValue()).isEqualTo(total);
        assertThat(answer.get("leaks")).hasSize(total);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/leaks?colour=red, colour",
        "/api/v1/leaks?limit=ten, limit",
        "/api/v1/leaks?limit=-1, limit",
        "/api/v1/leaks?limit=10001, limit",
        "/api/v1/leaks?limit=99999999999999999999, limit",
        "/api/v1/leaks?limit=, limit",
        "/api/v1/leaks?offset=-5, offset",
        "/api/v1/leaks?rule=orphaned, rule",
        "/api/v1/leaks?kind=none2, kind",
        "/api/v1/leaks?pid=abc, pid",
        "/api/v1/leaks?comm=a&comm=b, comm",
        "/api/v1/leaks?limit=1&limit=1, limit",
        "/api/v1/leaks?sort=open, sort",
        "/api/v1/sites?pid=1, pid",
        "/api/v1/processes?sort=size, sort",
        "/api/v1/processes?rule=orphaned-pipe, rule",
        "/api/v1/processes/abc, pid",
        "/api/v1/processes/42?comm=x, comm",
        "/api/v1/status?verbose=1, verbose",
    })
    void refusesABadParameterByName(String target, String name) {
        HttpResponse<String> response = server.get(target);

        assertThat(response.statusCode()).isEqualTo(400);
        JsonNode error = TestServer.parse(response.body()).get("error");
        assertThat(error.get("status").intValue()).isEqualTo(400);
        assertThat(error.get("message").textValue()).contains("'" + name + "'");
    }

    @Test
    void pagesThroughAListWithLimitAndOffset() {
        SampleNode sample = new SampleNode();
        IntStream.range(0, 25).forEach(fd -> sample.orphanedPipe(1, "a", 0, fd, Confidence.CONFIRMED));
        server.node.set(sample.view());

        JsonNode page = server.json("/api/v1/leaks?limit=10&offset=20");

        assertThat(page.get("total").intValue()).isEqualTo(25);
        assertThat(page.get("leaks")).hasSize(5);
        assertThat(page.at("/leaks/0/descriptor/fd").intValue()).isEqualTo(20);
        assertThat(server.json("/api/v1/leaks?offset=2147483647").get("leaks")).isEmpty();
        assertThat(server.json("/api/v1/leaks?limit=0").get("leaks")).isEmpty();
    }

    @Test
    void groupsLeaksIntoSites() {
        server.node.set(new SampleNode()
                .orphanedPipe(1, "agent", IN_CONTAINER, 30, Confidence.SUSPECTED)
                .orphanedPipe(2, "agent", IN_CONTAINER, 17, Confidence.CONFIRMED)
                .orphanedPipe(3, "agent", 0, 18, Confidence.SUSPECTED)
                .view());

        JsonNode answer = server.json("/api/v1/sites");

        assertThat(answer.get("total").intValue()).isEqualTo(2);
        JsonNode site = answer.at("/sites/0");
        assertThat(site.get("count").intValue()).isEqualTo(2);
        assertThat(site.get("confirmedCount").intValue()).isEqualTo(1);
        assertThat(site.get("confidence").textValue()).isEqualTo("confirmed");
        assertThat(site.get("exampleLeakId").textValue()).isEqualTo("leak-2-17");
        assertThat(site.get("oldestAgeSeconds").doubleValue()).isEqualTo(30);
        assertThat(site.at("/container/pod").textValue()).isEqualTo("shop-1");
        assertThat(site.has("callSite")).isFalse();
        assertThat(site.get("growthPerMinute").doubleValue()).isEqualTo(4);
        assertThat(server.json("/api/v1/sites?confidence=suspected")
                        .get("total")
                        .intValue())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"'', 2 1 3", "?sort=open, 2 1 3", "?sort=ratio, 1 2 3", "?sort=growth, 2 1 3", "?comm=db, 1 3"})
    void sortsProcessesGreatestFirst(String query, String pids) {
        server.node.set(new SampleNode()
                .process(1, "db", 0, 90, 100)
                .process(2, "web", IN_CONTAINER, 500, 1000)
                .process(3, "db", 0, 5, 0)
                .view());

        JsonNode processes = server.json("/api/v1/processes" + query).get("processes");

        assertThat(StreamSupport.stream(processes.spliterator(), false)
                        .map(process -> process.get("pid").asText()))
                .containsExactly(pids.split(" "));
    }

    @Test
    void tellsOfAProcessWithoutInventingItsLimit() {
        server.node.set(new SampleNode().process(3, "idle", 0, 5, 0).view());

        JsonNode process = server.json("/api/v1/processes").at("/processes/0");

        assertThat(process.has("softLimit")).isFalse();
        assertThat(process.has("ratio")).isFalse();
        assertThat(process.has("growthPerMinute")).isFalse();
        assertThat(process.get("byKind")).isEqualTo(TestServer.parse("{\"pipe\":5}"));
    }

    @Test
    void listsTheDescriptorsAndChildrenOfOneProcess() {
        server.detail.set(pid -> CompletableFuture.completedFuture(Optional.of(detail(pid))));

        JsonNode process = server.json("/api/v1/processes/42");

        assertThat(process.get("pid").intValue()).isEqualTo(42);
        assertThat(process.get("ratio").doubleValue()).isEqualTo(0.001953);
        assertThat(process.get("descriptors")).isEqualTo(TestServer.parse("""
            [{"fd":0,"kind":"device","origin":"before-start"},
             {"fd":17,"kind":"pipe","end":"write","inode":5,"closeOnExec":true,
              "openedAt":"2023-11-14T22:13:25.000Z","origin":"traced"}]"""));
        assertThat(process.get("children")).isEqualTo(TestServer.parse("""
            [{"pid":43,"comm":"sh","startedAt":"2023-11-14T22:13:26.000Z","reaped":false}]"""));
        assertThat(server.json("/api/v1/processes/42?limit=1&offset=1")
                        .at("/descriptors/0/fd")
                        .intValue())
                .isEqualTo(17);
    }

    private static ProcessDetail detail(int pid) {
        ProcessView view = new ProcessView(
                new ProcessId(pid, 4 * SECOND),
                "sh",
                0,
                pid,
                2,
                1024,
                4096,
                Map.of(Kind.PIPE, 1, Kind.DEVICE, 1),
                0,
                0,
                OptionalDouble.empty(),
                OptionalDouble.empty());
        return new ProcessDetail(
                view,
                List.of(
                        new DescriptorView(
                                0,
                                Kind.DEVICE,
                                End.NONE,
                                0,
                                OptionalLong.empty(),
                                0,
                                Origin.BEFORE_START,
                                Optional.empty()),
                        new DescriptorView(
                                17,
                                Kind.PIPE,
                                End.WRITE,
                                5,
                                OptionalLong.of(5 * SECOND),
                                42,
                                Origin.TRACED,
                                Optional.empty())),
                List.of(new ChildView(
                        new ProcessId(43, 6 * SECOND),
                        "sh",
                        OptionalLong.empty(),
                        Optional.empty(),
                        false,
                        List.of())));
    }

    @Test
    void saysThatAPidIsNotTracked() {
        HttpResponse<String> response = server.get("/api/v1/processes/42");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body())
                .isEqualTo("{\"error\":{\"status\":404,\"message\":\"no process with pid 42 is tracked\"}}");
    }

    @Test
    void givesUpOnAConsumerThatDoesNotAnswer() {
        server.detail.set(pid -> new CompletableFuture<>());

        HttpResponse<String> response = server.get("/api/v1/processes/42");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("did not answer in time");
    }

    @Test
    void hidesWhatWentWrongInside() {
        server.detail.set(pid -> {
            throw new IllegalStateException("secret");
        });

        HttpResponse<String> response = server.get("/api/v1/processes/42");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).doesNotContain("secret").contains("\"status\":500");
    }

    @Test
    void refusesAnAnswerThatMemoryIsTooShortForAndGoesOn() {
        SampleNode sample = new SampleNode();
        IntStream.range(0, 10_000).forEach(fd -> sample.orphanedPipe(1, "a".repeat(600), 0, fd, Confidence.CONFIRMED));
        server.node.set(sample.view());

        assertThat(server.get("/api/v1/leaks").statusCode()).isEqualTo(503);
        assertThat(server.get("/api/v1/leaks?limit=1000").statusCode()).isEqualTo(200);
        assertThat(server.json("/api/v1/status").at("/http/bodiesRefused").intValue())
                .isEqualTo(1);
    }

    @Test
    void tellsTheTracersStatus() {
        server.node.set(new SampleNode()
                .status(SampleNode.status(true, true, true, false))
                .view());

        JsonNode status = server.json("/api/v1/status");

        assertThat(status.get("version").textValue()).isEqualTo("1.2.3");
        assertThat(status.get("revision").textValue()).isEqualTo("abc");
        assertThat(status.get("kernel").textValue()).isEqualTo("6.18.0");
        assertThat(status.get("startedAt").textValue()).isEqualTo("2023-11-14T22:14:50.000Z");
        assertThat(status.get("uptimeSeconds").doubleValue()).isEqualTo(10);
        assertThat(status.get("ready").booleanValue()).isFalse();
        assertThat(status.at("/programs/0"))
                .isEqualTo(TestServer.parse("{\"name\":\"sys_exit_openat\",\"attached\":false,\"required\":true}"));
        assertThat(status.get("ringBuffer")).isEqualTo(TestServer.parse("{\"sizeBytes\":16777216,\"usedBytes\":4096}"));
        assertThat(status.get("events")).isEqualTo(TestServer.parse("{\"close\":5,\"open\":12}"));
        assertThat(status.get("lost"))
                .isEqualTo(TestServer.parse("[{\"stage\":\"kernel\",\"reason\":\"full\",\"count\":2}]"));
        assertThat(status.get("resyncs")).isEqualTo(TestServer.parse("{\"lost\":1}"));
        assertThat(status.get("repairs")).isEqualTo(TestServer.parse("{\"file\":3}"));
        assertThat(status.get("tracked")).isEqualTo(TestServer.parse("{\"processes\":42,\"descriptors\":420}"));
        assertThat(status.get("stateComplete").booleanValue()).isTrue();
        assertThat(status.get("lagSeconds").doubleValue()).isEqualTo(0.25);
        assertThat(status.at("/limits/maxSeries").intValue()).isEqualTo(500);
        assertThat(status.at("/limits/httpConnections").intValue()).isEqualTo(64);
    }
}
