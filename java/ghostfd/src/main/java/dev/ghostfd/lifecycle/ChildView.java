/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A child as its parent's story tells it. Times are CLOCK_BOOTTIME nanoseconds.
 *
 * @param exit empty while the child runs
 * @param exitedAt empty while it runs, and for a zombie that was there before tracing began
 * @param reaped false for a zombie
 * @param stdio what its program found as standard input, output and error; empty when that was not seen
 */
public record ChildView(
        ProcessId id,
        String comm,
        OptionalLong exitedAt,
        Optional<ExitStatus> exit,
        boolean reaped,
        List<Stdio> stdio) {}
