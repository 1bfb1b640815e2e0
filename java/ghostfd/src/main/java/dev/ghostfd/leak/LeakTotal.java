/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.Kind;

/** How many leaks of one sort there have been since start. */
public record LeakTotal(String comm, long cgroup, Rule rule, Kind kind, long detected, long resolved) {}
