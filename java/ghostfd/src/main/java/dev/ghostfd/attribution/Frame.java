/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * One frame of a call site, as far as it could be named.
 *
 * @param function the source's name for it, demangled; empty for a stripped module
 * @param file the source file as its compiler recorded it
 * @param line the line of the call, from 1; of code that a runtime compiled, where the function begins
 * @param module path of the executable or library, as its process sees it
 * @param address of the call in the module, as its symbols count; for memory outside any module, the address itself
 * @param inlined whether the compiler merged it into the frame that follows
 */
public record Frame(
        Optional<String> function,
        Optional<String> file,
        OptionalInt line,
        Optional<String> module,
        long address,
        boolean inlined) {}
