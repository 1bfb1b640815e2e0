/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

/**
 * A thread that sleeps in a system call until something happens at a descriptor.
 *
 * @param comm its own name
 * @param syscall such as {@code read}
 */
public record BlockedThread(int tid, String comm, String syscall) {}
