/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import java.util.Optional;

/** The container a process runs in. */
public record Container(
        String id, Optional<String> name, Optional<String> pod, Optional<String> namespace, Optional<String> podUid) {}
