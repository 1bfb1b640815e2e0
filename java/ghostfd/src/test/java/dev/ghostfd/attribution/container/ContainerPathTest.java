/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerPathTest {
    private static final String ID = "0123456789abcdef".repeat(4);
    private static final String OUTER = "fedcba9876543210".repeat(4);
    private static final String UID = "8dbb61a4-3a0f-4f3e-a5a9-1f4a5f9e0c11";

    /** ID, UID, UID_ (with underscores) and OUTER stand for the constants above. */
    private static String path(String template) {
        return template.replace("OUTER", OUTER)
                .replace("UID_", UID.replace('-', '_'))
                .replace("UID", UID)
                .replace("ID", ID);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podUID_.slice/cri-containerd-ID.scope | containerd | UID",
                "/kubepods.slice/kubepods-podUID_.slice/cri-containerd-ID.scope                                     | containerd | UID",
                "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podUID_.slice/crio-ID.scope          | cri-o | UID",
                "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podUID_.slice/crio-ID.scope/container   | cri-o | UID",
                "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podUID_.slice/docker-ID.scope          | docker | UID",
                "/kubepods/burstable/podUID/ID                                                                      | - | UID",
                "/kubepods/podUID/crio-ID                                                                           | cri-o | UID",
                "/system.slice/containerd.service/kubepods-burstable-podUID_.slice:cri-containerd:ID                | containerd | UID",
                "/system.slice/docker-ID.scope                                                                      | docker | -",
                "/system.slice/docker-ID.scope/init.scope                                                           | docker | -",
                "/docker/ID                                                                                         | docker | -",
                "/system.slice/nerdctl-ID.scope                                                                     | containerd | -",
                "/machine.slice/libpod-ID.scope/container                                                           | podman | -",
                "/libpod_parent/libpod-ID                                                                           | podman | -",
                "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope                           | podman | -",
                "/some-tool/ID                                                                                      | - | -",
            })
    void readsIdRuntimeAndPodFromThePathOfEachRuntimeAndDriver(String template, String runtime, String podUid) {
        assertThat(ContainerPath.of(path(template))).hasValueSatisfying(found -> {
            assertThat(found.id()).isEqualTo(ID);
            assertThat(found.runtime().map(ContainerRuntime::label)).isEqualTo(Optional.ofNullable(runtime));
            assertThat(found.podUid()).isEqualTo(Optional.ofNullable(podUid).map(ContainerPathTest::path));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/system.slice/docker-OUTER.scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/"
                        + "kubelet-kubepods-burstable-podUID_.slice/cri-containerd-ID.scope",
                "/docker/OUTER/kubelet/kubepods/burstable/podUID/ID",
                "/kubepods.slice/kubepods-podUID_.slice/cri-containerd-OUTER.scope/docker/ID",
            })
    void ofContainersInsideEachOtherTakesTheInnermost(String template) {
        assertThat(ContainerPath.of(path(template))).hasValueSatisfying(found -> {
            assertThat(found.ids()).containsExactly(ID, OUTER);
            assertThat(found.podUid()).contains(UID);
        });
    }

    @Test
    void aStaticPodIsNamedAfterAHashWithoutDashes() {
        String hash = "0123456789abcdef0123456789abcdef";

        assertThat(ContainerPath.of(path("/kubepods.slice/kubepods-pod" + hash + ".slice/cri-containerd-ID.scope")))
                .hasValueSatisfying(found -> assertThat(found.podUid()).contains(hash));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/init.scope",
                "/system.slice/ssh.service",
                "/user.slice/user-1000.slice/session-2.scope",
                "/kubepods.slice/kubepods-podUID_.slice",
                "/kubepods.slice/kubepods-podUID_.slice/crio-conmon-ID.scope",
                "/machine.slice/libpod-conmon-ID.scope",
                "/system.slice/docker-0123456789ab.scope",
            })
    void whatRunsBesideContainersIsInNone(String template) {
        assertThat(ContainerPath.of(path(template))).isEmpty();
    }
}
