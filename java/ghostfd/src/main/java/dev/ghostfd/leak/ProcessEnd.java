/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.lifecycle.DescriptorView;
import dev.ghostfd.lifecycle.ExitStatus;
import java.util.List;

/**
 * A process that has exited, and the descriptors above 2 that it had open then. What it inherited from whoever started it
 * is not its own to close and not listed.
 */
public record ProcessEnd(Leak.Holder process, ExitStatus status, List<DescriptorView> held) {
    /** Of more processes than these only the number of descriptors is kept: a build may start a million. */
    static final int MOST_LISTED = 10_000;

    public ProcessEnd {
        held = List.copyOf(held);
    }
}
