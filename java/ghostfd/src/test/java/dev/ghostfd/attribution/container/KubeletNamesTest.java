/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubeletNamesTest {
    private static final Duration INTERVAL = Duration.ofMillis(20);
    private static final String ID = "0123456789abcdef".repeat(4);
    private static final String LATER = "fedcba9876543210".repeat(4);
    private static final String UID = "8dbb61a4-3a0f-4f3e-a5a9-1f4a5f9e0c11";
    private static final ContainerPath WEB = in(UID, ID);

    @TempDir
    private Path folder;

    private KubeletStandIn kubelet;

    @BeforeEach
    void start() {
        kubelet = new KubeletStandIn(folder);
        kubelet.run("prod", "shop-1", UID, "web", "containerd://" + ID);
    }

    @AfterEach
    void stop() {
        kubelet.close();
    }

    private static ContainerPath in(String podUid, String id) {
        return ContainerPath.of("/kubepods/burstable/pod" + podUid + "/" + id).orElseThrow();
    }

    private static void awaitName(KubeletNames names, ContainerPath path, String container) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(names.of(path).container()).contains(container));
    }

    @Test
    void namesPodNamespaceContainerAndRuntime() {
        try (KubeletNames names = new KubeletNames(kubelet.options(), INTERVAL)) {
            assertThat(names.of(WEB)).as("before the first answer").satisfies(answer -> {
                assertThat(answer.pod()).isEmpty();
                assertThat(answer.pending()).isTrue();
            });

            awaitName(names, WEB, "web");
            assertThat(names.of(WEB))
                    .isEqualTo(new PodNames.Answer(
                            Optional.of("web"),
                            Optional.of(ContainerRuntime.CONTAINERD),
                            Optional.of("shop-1"),
                            Optional.of("prod"),
                            Optional.of(UID),
                            false));
        }
    }

    @Test
    void aContainerRunByAnotherBelongsToThatOnesPod() {
        ContainerPath nested = ContainerPath.of("/kubepods/pod" + UID + "/" + ID + "/docker/" + LATER)
                .orElseThrow();
        try (KubeletNames names = new KubeletNames(kubelet.options(), INTERVAL)) {
            awaitName(names, nested, "web");
            assertThat(names.of(nested).pod()).contains("shop-1");
            assertThat(names.of(nested).runtime()).as("of the inner container").isEmpty();
        }
    }

    @Test
    void knowsThePodOfASandboxThatTheKubeletDoesNotList() {
        try (KubeletNames names = new KubeletNames(kubelet.options(), INTERVAL)) {
            ContainerPath sandbox = in(UID, LATER);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(names.of(sandbox).pod()).contains("shop-1"));
            assertThat(names.of(sandbox).container()).isEmpty();
        }
    }

    @Test
    void remembersAPodPastItsDeletion() {
        try (KubeletNames names = new KubeletNames(kubelet.options(), INTERVAL)) {
            awaitName(names, WEB, "web");
            kubelet.deleteAll();
            kubelet.run("prod", "shop-2", UID.replace('8', '9'), "web2", "containerd://" + LATER);
            awaitName(names, in(UID.replace('8', '9'), LATER), "web2");

            assertThat(names.of(WEB).pod()).contains("shop-1");
        }
    }

    @Test
    void asksNothingForContainersOutsidePods() {
        ContainerPath docker = ContainerPath.of("/docker/" + LATER).orElseThrow();
        try (KubeletNames names = new KubeletNames(kubelet.options(), INTERVAL)) {
            assertThat(names.of(docker)).isEqualTo(PodNames.Answer.NOTHING);
            awaitName(names, WEB, "web");
            int asked = kubelet.requests();
            for (int i = 0; i < 100; i++) {
                names.of(docker);
                names.of(WEB);
            }
            assertThat(kubelet.requests()).isEqualTo(asked);
        }
    }

    @Test
    void readsARotatedTokenAnew() {
        try (KubeletNames names = new KubeletNames(kubelet.options(), INTERVAL)) {
            awaitName(names, WEB, "web");
            kubelet.renewToken("second-token");
            kubelet.run("prod", "shop-3", UID.replace('8', '7'), "late", "containerd://" + LATER);

            awaitName(names, in(UID.replace('8', '7'), LATER), "late");
        }
    }

    @Test
    void trustsRotatedCertificates() {
        try (KubeletNames names = new KubeletNames(kubelet.options(), INTERVAL)) {
            awaitName(names, WEB, "web");
            kubelet.renewCertificate();
            kubelet.run("prod", "shop-3", UID.replace('8', '7'), "late", "containerd://" + LATER);

            awaitName(names, in(UID.replace('8', '7'), LATER), "late");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 500})
    void aRefusalLeavesNothingPendingAndIsTriedAgain(int status) {
        kubelet.refuse(status);
        try (KubeletNames names = new KubeletNames(kubelet.options(), INTERVAL)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> !names.of(WEB).pending());
            assertThat(names.of(WEB).container()).isEmpty();

            kubelet.refuse(0);
            awaitName(names, WEB, "web");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>not here</html>", "{\"kind\":\"Status\"}", "{\"items\":[{\"metadata\":{\"na", "[]"})
    void anAnswerThatIsNoListIsTriedAgain(String answer) {
        kubelet.babble(answer);
        try (KubeletNames names = new KubeletNames(kubelet.options(), INTERVAL)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> !names.of(WEB).pending());

            kubelet.babble("");
            awaitName(names, WEB, "web");
        }
    }

    @Test
    void refusesACertificateForAnotherHostUnlessToldNotToCare(@TempDir Path other) {
        try (KubeletStandIn elsewhere = new KubeletStandIn(other, "127.0.0.2")) {
            elsewhere.run("prod", "shop-1", UID, "web", "cri-o://" + ID);
            KubeletOptions strict = elsewhere.options();
            try (KubeletNames names = new KubeletNames(strict, INTERVAL)) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> !names.of(WEB).pending());
                assertThat(elsewhere.requests()).isZero();
            }
            KubeletOptions lax = new KubeletOptions(strict.url(), strict.token(), strict.authorities(), false);
            try (KubeletNames names = new KubeletNames(lax, INTERVAL)) {
                awaitName(names, WEB, "web");
                assertThat(names.of(WEB).runtime()).contains(ContainerRuntime.CRI_O);
            }
        }
    }
}
