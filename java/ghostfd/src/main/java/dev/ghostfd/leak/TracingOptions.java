/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

/**
 * How the consumer thread works. All times in nanoseconds.
 *
 * @param grace how long a condition must hold before it is reported
 * @param sweepInterval how often leaks are verified
 * @param reconcileInterval how often all tables are compared with the kernel's without a reason
 * @param growthWindow how long a count must rise steadily before that is reported
 */
public record TracingOptions(long grace, long sweepInterval, long reconcileInterval, long growthWindow) {
    /** Where nobody chooses another: five minutes. */
    static final long GROWTH_WINDOW = 300_000_000_000L;
}
