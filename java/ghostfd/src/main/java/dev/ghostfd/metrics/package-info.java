/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Comes in: the published {@link dev.ghostfd.leak.NodeView} and the names that
 * {@link dev.ghostfd.attribution.Attribution} gives to ids. Goes out: Prometheus text, 0.0.4 or OpenMetrics, with a
 * bounded number of series. Must not know: HTTP, how leaks are found, or any pid, descriptor number,
 * inode or path as a label.
 */
package dev.ghostfd.metrics;
