/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Instant;

/** CLOCK_BOOTTIME, the clock that events are stamped with: it also runs while the machine sleeps. Thread-safe. */
public final class BootTime {
    private static final int CLOCK_BOOTTIME = 7;
    private static final long TIMESPEC_BYTES = 16;
    private static final long NANOS = 1_000_000_000L;
    private static final ThreadLocal<MemorySegment> TIMESPEC =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(TIMESPEC_BYTES, 8));

    private BootTime() {}

    /** Nanoseconds since boot. */
    public static long now() {
        MemorySegment timespec = TIMESPEC.get();
        int result = Libc.clockGettime(CLOCK_BOOTTIME, timespec);
        if (result < 0) {
            throw new KernelException("read CLOCK_BOOTTIME", -result, "");
        }
        return timespec.get(JAVA_LONG, 0) * NANOS + timespec.get(JAVA_LONG, 8);
    }

    /** Wall clock minus boot time at this moment, in nanoseconds. */
    public static long wallClockOffset() {
        Instant wall = Instant.now();
        return wall.getEpochSecond() * NANOS + wall.getNano() - now();
    }
}
