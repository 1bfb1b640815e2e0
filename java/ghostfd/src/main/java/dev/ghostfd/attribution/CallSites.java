/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import dev.ghostfd.lifecycle.CallStack;
import java.util.List;

/** Turns return addresses into functions and lines. Thread-safe, and never blocks: what is not known yet is looked up aside. */
public interface CallSites {
    /** Names nothing. */
    CallSites NONE = _ -> List.of();

    /**
     * The frames of a stack, the user's first: those of a language's runtime in front of it are left out. Empty for as long
     * as nothing is known; the caller asks again when it publishes next. The first call for a stack starts the lookup, which
     * needs the process alive; what was found is kept past its end.
     */
    List<Frame> resolve(CallStack stack);
}
