/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.Kind;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A process and how many descriptors it holds.
 *
 * @param cgroup the id of its cgroup in the v2 hierarchy, 0 when unknown
 * @param open descriptors in its table
 * @param softLimit RLIMIT_NOFILE, 0 when unknown
 * @param growthPerMinute how steadily all that it holds rises; empty when it does not
 * @param exhaustionSeconds until it has reached its soft limit, if it goes on like that
 * @param byKind only kinds with at least one descriptor
 */
public record ProcessView(
        ProcessId id,
        String comm,
        long cgroup,
        int nsPid,
        int open,
        long softLimit,
        long hardLimit,
        Map<Kind, Integer> byKind,
        int leaked,
        int unreapedChildren,
        OptionalDouble growthPerMinute,
        OptionalDouble exhaustionSeconds) {}
