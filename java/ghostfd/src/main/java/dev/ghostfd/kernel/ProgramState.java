/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

/**
 * A tracing program and whether it is attached.
 *
 * @param required whether tracing is incomplete without it
 */
public record ProgramState(String name, boolean attached, boolean required) {}
