/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.Kind;

/**
 * How many leaks of one sort there have been since start.
 *
 * @param comm empty for the sum of those that are no longer told apart: nothing new has come of them for long
 */
public record LeakTotal(String comm, long cgroup, Rule rule, Kind kind, long detected, long resolved) {
    /** Whether this is the sum of those that are no longer told apart. */
    public boolean isRemainder() {
        return comm.isEmpty();
    }
}
