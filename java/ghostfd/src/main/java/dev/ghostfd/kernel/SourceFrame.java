/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * One function that an address lies in, as the module's debugging information names it.
 *
 * @param function with its namespaces; a symbol's name as linked where there is no debugging information
 * @param linkageName the function as linkers see it, where debugging information tells that as well
 * @param file as the compiler recorded it
 * @param line from 1
 * @param inlined whether it has been merged into the one that called it
 */
public record SourceFrame(
        Optional<String> function,
        Optional<String> linkageName,
        Optional<String> file,
        OptionalInt line,
        boolean inlined) {}
