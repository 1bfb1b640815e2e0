/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Return addresses from pieces of stacks. In come registers and a copy of a stack's top as the kernel's side caught them; out
 * go addresses, by call frame information or frame pointers. It knows nothing of functions and lines, nor of descriptors.
 */
package dev.ghostfd.attribution.unwind;
