/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.container;

import java.util.Optional;
import java.util.stream.Stream;

/** What runs a container, as far as its cgroup's name or the kubelet tells. */
public enum ContainerRuntime {
    CONTAINERD("containerd"),
    CRI_O("cri-o"),
    DOCKER("docker"),
    PODMAN("podman");

    private final String label;

    ContainerRuntime(String label) {
        this.label = label;
    }

    /** As the kubelet spells it in container ids, {@code containerd://…}. */
    public String label() {
        return label;
    }

    static Optional<ContainerRuntime> labelled(String label) {
        return Stream.of(values())
                .filter(runtime -> runtime.label.equals(label))
                .findFirst();
    }
}
