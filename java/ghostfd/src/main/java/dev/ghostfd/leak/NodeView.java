/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.lifecycle.ProcessView;
import java.util.List;

/**
 * What the consumer thread publishes after each sweep and at least once a second: immutable, so that any thread may read
 * it for as long as it likes.
 *
 * @param time CLOCK_BOOTTIME nanoseconds at publication
 * @param leaks all current findings, oldest first
 */
public record NodeView(
        long time, List<Leak> leaks, List<LeakTotal> totals, List<ProcessView> processes, TracerStatus status) {

    /** Before the consumer thread has anything to say: empty, and not ready. */
    public static NodeView starting(long time) {
        return new NodeView(time, List.of(), List.of(), List.of(), TracerStatus.starting());
    }
}
