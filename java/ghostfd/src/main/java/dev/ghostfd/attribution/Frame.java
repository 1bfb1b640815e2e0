/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import java.util.List;
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
 * @param runtime whether it is of a language's runtime, in a stack that has nothing else to show
 */
public record Frame(
        Optional<String> function,
        Optional<String> file,
        OptionalInt line,
        Optional<String> module,
        long address,
        boolean inlined,
        boolean runtime) {

    /** One that is, or may be, of somebody's own code. */
    public Frame(
            Optional<String> function,
            Optional<String> file,
            OptionalInt line,
            Optional<String> module,
            long address,
            boolean inlined) {
        this(function, file, line, module, address, inlined, false);
    }

    /** The frame of a call site that tells somebody's line of code; empty where there are only those of a runtime. */
    public static Optional<Frame> place(List<Frame> frames) {
        return frames.stream().findFirst().filter(first -> !first.runtime() && !first.isBare());
    }

    /** Nothing but an address: of code that nobody has named, or of a process that was gone too soon. */
    private boolean isBare() {
        return function.isEmpty() && module.isEmpty();
    }

    /** The same, marked as a runtime's unless it says nothing. */
    public Frame asRuntime() {
        return isBare() ? this : new Frame(function, file, line, module, address, inlined, true);
    }
}
