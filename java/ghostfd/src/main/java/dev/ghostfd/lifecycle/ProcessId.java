/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

/**
 * A process for all time: pids come back, a pid with its start time does not.
 *
 * @param pid the thread group id, in the initial pid namespace
 * @param startTime CLOCK_BOOTTIME nanoseconds
 */
public record ProcessId(int pid, long startTime) {}
