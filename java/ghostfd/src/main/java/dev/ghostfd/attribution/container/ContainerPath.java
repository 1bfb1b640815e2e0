/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.container;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of a cgroup tells of the container in it. Runtimes write the id into a path component, with a prefix of
 * their own under systemd ({@code cri-containerd-ID.scope}) and mostly bare under cgroupfs ({@code /docker/ID}); the kubelet
 * writes the pod's uid above it.
 *
 * @param ids innermost first: a container may run containers
 * @param runtime of the innermost
 * @param podUid of the innermost pod on the path, with dashes, as the API server knows it
 */
public record ContainerPath(List<String> ids, Optional<ContainerRuntime> runtime, Optional<String> podUid) {
    /** What stands before the id, up to a dash or colon: containerd's cgroupfs driver separates with colons. */
    private static final Pattern CONTAINER = Pattern.compile("(?:(.*)[-:])?([0-9a-f]{64})(?:\\.scope|\\.service)?");

    /** A static pod's uid is a hash without dashes; systemd cannot have dashes inside a name and gets underscores. */
    private static final Pattern POD = Pattern.compile(
            "(?:.*-)?pod([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})(?:\\.slice.*)?");

    private static final Map<String, ContainerRuntime> PREFIXES = Map.of(
            "cri-containerd",
            ContainerRuntime.CONTAINERD,
            "nerdctl",
            ContainerRuntime.CONTAINERD,
            "crio",
            ContainerRuntime.CRI_O,
            "docker",
            ContainerRuntime.DOCKER,
            "libpod",
            ContainerRuntime.PODMAN);

    private static final Map<String, ContainerRuntime> PARENTS =
            Map.of("docker", ContainerRuntime.DOCKER, "libpod_parent", ContainerRuntime.PODMAN);

    /** Empty for a path outside any container. */
    static Optional<ContainerPath> of(String cgroup) {
        List<String> ids = new ArrayList<>();
        Optional<ContainerRuntime> runtime = Optional.empty();
        Optional<String> podUid = Optional.empty();
        String parent = "";
        for (String component : cgroup.split("/", -1)) {
            Matcher pod = POD.matcher(component);
            if (pod.matches()) {
                podUid = Optional.of(pod.group(1).replace('_', '-').toLowerCase(Locale.ROOT));
            }
            Matcher container = CONTAINER.matcher(component);
            if (container.matches()) {
                String prefix = Optional.ofNullable(container.group(1)).orElse("");
                if (isMonitor(prefix)) {
                    break;
                }
                ids.addFirst(container.group(2));
                runtime = runtime(prefix, parent);
            }
            parent = component;
        }
        return ids.isEmpty() ? Optional.empty() : Optional.of(new ContainerPath(List.copyOf(ids), runtime, podUid));
    }

    /** conmon runs beside the container it watches, in a group named after it. */
    private static boolean isMonitor(String prefix) {
        return prefix.endsWith("conmon");
    }

    private static Optional<ContainerRuntime> runtime(String prefix, String parent) {
        if (prefix.isEmpty()) {
            return Optional.ofNullable(PARENTS.get(parent));
        }
        return Optional.ofNullable(PREFIXES.get(prefix.substring(prefix.lastIndexOf(':') + 1)));
    }

    public String id() {
        return ids.getFirst();
    }
}
