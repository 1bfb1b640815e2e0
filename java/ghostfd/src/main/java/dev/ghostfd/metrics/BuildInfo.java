/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.metrics;

/**
 * Which ghostfd this is.
 *
 * @param version the released version
 * @param revision the commit it was built from, {@code unknown} outside a clone
 */
public record BuildInfo(String version, String revision) {}
