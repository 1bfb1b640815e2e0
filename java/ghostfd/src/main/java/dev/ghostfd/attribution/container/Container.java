/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.container;

import java.util.Optional;

/**
 * The container a process runs in.
 *
 * @param id 64 hexadecimal digits; of containers inside each other, the innermost
 * @param runtime empty where the cgroup's name does not tell
 */
public record Container(
        String id,
        Optional<ContainerRuntime> runtime,
        Optional<String> name,
        Optional<String> pod,
        Optional<String> namespace,
        Optional<String> podUid) {}
