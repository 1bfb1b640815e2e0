/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.lifecycle.ProcessId;

/**
 * What makes two sightings the same leak.
 *
 * @param number the descriptor's number, or the zombie's pid
 * @param object the inode, or the zombie's start time
 */
record LeakKey(Rule rule, ProcessId holder, int number, long object) {
    /** Sixteen hexadecimal digits, the same in every run over the same events. */
    String id() {
        long hash = rule.ordinal() + 1L;
        for (long part : new long[] {holder.pid(), holder.startTime(), number, object}) {
            hash = (hash ^ part) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return String.format("%016x", hash);
    }
}
