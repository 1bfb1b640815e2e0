/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.Kind;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One descriptor of one process, as asked for.
 *
 * @param fd the number
 * @param end which side of a pipe, FIFO or pty; {@link End#NONE} where the notion does not apply
 * @param inode the inode number, 0 when unknown
 * @param openedAt CLOCK_BOOTTIME nanoseconds; empty when it was not traced
 * @param callSite where it was made, when that was traced
 */
public record DescriptorView(
        int fd,
        Kind kind,
        End end,
        long inode,
        OptionalLong openedAt,
        int openedBy,
        Origin origin,
        Optional<CallStack> callSite) {}
