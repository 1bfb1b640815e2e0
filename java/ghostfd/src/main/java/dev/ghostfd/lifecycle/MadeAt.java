/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import java.util.List;

/**
 * Where one descriptor, or the two of a pair, were made: found out some time after the fact, so it counts only for a
 * descriptor that still is the same.
 *
 * @param table identity of the table
 * @param second -1 for none
 * @param addresses return addresses, innermost first
 */
public record MadeAt(
        ProcessId process, long table, int fd, long file, int second, long secondFile, List<Long> addresses) {}
