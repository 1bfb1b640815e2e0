/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The rules: which descriptors outlived the child they were made for. In come the lifecycle and, at every sweep, snapshots
 * from the kernel that prove or refute what the history suggests; out goes one immutable view of findings and counts, made
 * on the consumer thread, read by anyone. It must not know how findings are shown, nor the names of containers and files.
 */
package dev.ghostfd.leak;
