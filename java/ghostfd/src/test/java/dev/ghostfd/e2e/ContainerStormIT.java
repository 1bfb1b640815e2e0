/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ghostfd.attribution.container.KubeletStandIn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Hundreds of pods that leak and are gone seconds later leave a bounded trace. */
@ExtendWith(GhostfdProcess.LogsOnFailure.class)
class ContainerStormIT {
    private static final int PODS = 300;
    private static final int AT_ONCE = 50;
    private static final int MAX_SERIES = 20;

    @Test
    void shortLivedPodsKeepSeriesBoundedAndAreAllCounted(@TempDir Path secrets) {
        String program = Workbench.compileStaticC("contained");
        try (KubeletStandIn kubelet = new KubeletStandIn(secrets);
                TestCgroup group = new TestCgroup();
                GhostfdProcess daemon = GhostfdProcess.daemon(
                        group.scope(),
                        "--grace=0s",
                        "--sweep-interval=500ms",
                        "--max-series=" + MAX_SERIES,
                        "--kubelet.url=" + kubelet.url(),
                        "--kubelet.token-file=" + kubelet.tokenFile(),
                        "--kubelet.ca-file=" + kubelet.authorities())) {
            Api api = daemon.api();
            for (int first = 0; first < PODS; first += AT_ONCE) {
                List<ScopeRoot> running = new ArrayList<>();
                try {
                    for (int pod = first; pod < first + AT_ONCE; pod++) {
                        running.add(startPod(group, kubelet, pod, program));
                    }
                    await().atMost(Duration.ofSeconds(30))
                            .until(() -> api.json("/api/v1/processes?comm=contained")
                                            .get("total")
                                            .asInt()
                                    == AT_ONCE);
                    running.forEach(pod -> pod.send("leak"));
                    await().atMost(Duration.ofSeconds(30))
                            .untilAsserted(() ->
                                    assertThat(api.leaks("comm=contained")).hasSize(AT_ONCE));
                } finally {
                    running.forEach(ScopeRoot::close);
                }
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(api.leaks()).isEmpty());
            }

            await().atMost(Duration.ofSeconds(45)).untilAsserted(() -> {
                assertThat(api.metric("ghostfd_leaks_detected_total")).isEqualTo(PODS);
                assertThat(api.metric("ghostfd_leaks_resolved_total")).isEqualTo(PODS);
            });
            assertThat(api.get("/metrics")
                            .body()
                            .lines()
                            .filter(line -> line.startsWith("ghostfd_leaks_detected_total{")))
                    .as("those with series of their own, and comm=\"other\"")
                    .hasSizeLessThanOrEqualTo(MAX_SERIES + 1);
            assertThat(api.metric("ghostfd_tracked_processes"))
                    .as("nothing is left of them")
                    .isZero();
        }
    }

    private static ScopeRoot startPod(TestCgroup group, KubeletStandIn kubelet, int number, String program) {
        String id = String.format("%064x", number + 1);
        String uid = new UUID(0, number).toString();
        kubelet.run("batch", "job-" + number, uid, "main", "containerd://" + id);
        ScopeRoot pod = ScopeRoot.waitingToRun(program, "1", "0", "wait");
        TestCgroup.move(pod.pid(), group.child("kubepods/pod" + uid + "/" + id));
        pod.release();
        return pod;
    }
}
