/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.event;

import java.time.Instant;

/**
 * Turns CLOCK_BOOTTIME, in which all events are stamped, into wall-clock time. The offset is fixed once, so that the same
 * recording always gives the same instants.
 *
 * @param offsetNanos wall clock minus boot time, in nanoseconds
 */
public record BootClock(long offsetNanos) {
    /** The wall-clock instant of a boot time in nanoseconds, to the millisecond. */
    public Instant instant(long bootNanos) {
        return Instant.ofEpochMilli(Math.floorDiv(bootNanos + offsetNanos, 1_000_000L));
    }
}
