/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is outside the scope is neither reported nor tracked. */
@ExtendWith(GhostfdProcess.LogsOnFailure.class)
class ScopeIT {
    private static final CorpusCase LEAKY = new CorpusCase("py-popen-stdout-kept");
    private static final int INSTANCES = 2;

    @Test
    void observesOnlyTheSubtreesOfTheGivenProcesses() {
        try (ScopeRoot first = LEAKY.waitingToRun(INSTANCES, 40);
                ScopeRoot second = LEAKY.waitingToRun(INSTANCES, 40);
                ScopeRoot outside = LEAKY.waitingToRun(INSTANCES, 40);
                GhostfdProcess daemon = GhostfdProcess.daemon(first.scope(), second.scope())) {
            first.release();
            second.release();
            outside.release();
            first.awaitReady(Duration.ofSeconds(10));
            second.awaitReady(Duration.ofSeconds(10));
            outside.awaitReady(Duration.ofSeconds(10));
            assertLeaks(daemon.api(), first, second);
        }
    }

    @Test
    void observesOnlyTheGivenCgroupsAndThoseBelowThem() {
        try (TestCgroup first = new TestCgroup();
                TestCgroup second = new TestCgroup();
                TestCgroup elsewhere = new TestCgroup();
                ScopeRoot inFirst = LEAKY.waitingToRun(INSTANCES, 40);
                ScopeRoot belowSecond = LEAKY.waitingToRun(INSTANCES, 40);
                ScopeRoot outside = LEAKY.waitingToRun(INSTANCES, 40)) {
            TestCgroup.move(inFirst.pid(), first.folder());
            TestCgroup.move(belowSecond.pid(), second.child("some.slice/some.service"));
            TestCgroup.move(outside.pid(), elsewhere.folder());
            try (GhostfdProcess daemon =
                    GhostfdProcess.daemon(first.scope(), "--cgroup=" + second.pathOf(second.folder()))) {
                inFirst.release();
                belowSecond.release();
                outside.release();
                inFirst.awaitReady(Duration.ofSeconds(10));
                belowSecond.awaitReady(Duration.ofSeconds(10));
                outside.awaitReady(Duration.ofSeconds(10));
                assertLeaks(daemon.api(), inFirst, belowSecond);
            }
        }
    }

    @Test
    void aForkStormInAnotherCgroupAddsNoEvents() {
        try (TestCgroup quiet = new TestCgroup();
                TestCgroup stormy = new TestCgroup();
                ScopeRoot idle = ScopeRoot.waitingToRun("true")) {
            TestCgroup.move(idle.pid(), quiet.folder());
            try (GhostfdProcess daemon = GhostfdProcess.daemon(quiet.scope())) {
                Api api = daemon.api();
                double before = api.metric("ghostfd_events_total");
                Workbench.Outcome.of(TestCgroup.enter(
                                stormy.folder(),
                                "sh",
                                "-c",
                                "i=0; while [ $i -lt 2000 ]; do (: </dev/null | :) & i=$((i+1)); wait; done"))
                        .mustSucceed();
                awaitNextView(api);
                assertThat(api.metric("ghostfd_events_total")).isEqualTo(before);
                idle.release();
                await().atMost(Duration.ofSeconds(10))
                        .untilAsserted(() -> assertThat(api.metric("ghostfd_events_total"))
                                .as("of one exec in scope")
                                .isGreaterThan(before));
            }
        }
    }

    /** Until what has been read of the ring by now must have been published. */
    private static void awaitNextView(Api api) {
        double now = api.json("/api/v1/status").get("uptimeSeconds").asDouble();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> api.json("/api/v1/status").get("uptimeSeconds").asDouble() > now + 2);
    }

    @Test
    void whoGetsThePidOfOneThatWasInScopeIsNotFollowed() throws IOException {
        String program = Workbench.compileC("strangers");
        Path pids = Workbench.emptyFolder("strangers").resolve("pids");
        Workbench.Outcome.of(List.of("mkfifo", pids.toString())).mustSucceed();
        try (ScopeRoot maker = ScopeRoot.waitingToRun(program, "maker", pids.toString());
                ScopeRoot taker = ScopeRoot.running(program, "taker", pids.toString());
                GhostfdProcess daemon = GhostfdProcess.daemon(maker.scope())) {
            maker.release();
            maker.awaitLine("^AT begin", Duration.ofSeconds(10));
            Api api = daemon.api();
            awaitNextView(api);
            double opened = api.metric("ghostfd_events_total", "type", "open");

            maker.send("begin");
            maker.awaitLine("^AT end", Duration.ofSeconds(30));
            int taken = Integer.parseInt(
                    taker.awaitLine("^TAKEN (\\d+)", Duration.ofSeconds(10)).group(1));
            awaitNextView(api);

            // Others on the machine fork as well.
            assertThat(taken).isGreaterThan(100);
            assertThat(api.metric("ghostfd_events_total", "type", "open")).isEqualTo(opened);
        }
    }

    @Test
    void leavesExcludedNamesOutOfEverythingItShows() {
        String program = Workbench.compileStaticC("contained");
        try (ScopeRoot shown = LEAKY.waitingToRun(INSTANCES, 40);
                ScopeRoot excluded = ScopeRoot.waitingToRun(program, "2", "0");
                GhostfdProcess daemon =
                        GhostfdProcess.daemon(shown.scope(), excluded.scope(), "--exclude-comm=contain.*|sh")) {
            excluded.release();
            excluded.awaitReady(Duration.ofSeconds(10));
            shown.release();
            shown.awaitReady(Duration.ofSeconds(10));
            assertLeaks(daemon.api(), shown);
            assertThat(daemon.api().get("/api/v1/processes/" + excluded.pid()).statusCode())
                    .isEqualTo(404);
            assertThat(daemon.api().get("/metrics").body()).doesNotContain("contained");
        }
    }

    private static void assertLeaks(Api api, ScopeRoot... inScope) {
        Set<Integer> pids = new TreeSet<>();
        Stream.of(inScope).forEach(program -> pids.add(program.pid()));
        // Each instance keeps stdout and stderr.
        await().atMost(Duration.ofSeconds(12))
                .untilAsserted(() -> assertThat(api.leaks())
                        .hasSize(pids.size() * INSTANCES * 2)
                        .allSatisfy(leak ->
                                assertThat(leak.at("/process/pid").asInt()).isIn(pids)));
        Set<Integer> tracked = new TreeSet<>();
        for (JsonNode process : api.json("/api/v1/processes").required("processes")) {
            tracked.add(process.required("pid").asInt());
        }
        assertThat(tracked).as("tracked processes").isEqualTo(pids);
    }
}
