/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.report;

import dev.ghostfd.attribution.Frame;
import dev.ghostfd.leak.Leak;
import java.util.Optional;

/** Where in somebody's code a leak was made. */
public interface CallSite {
    /** Knows no code. */
    CallSite UNKNOWN = _ -> Optional.empty();

    /** The frame to show for a leak: the innermost one of the user's own code; empty where there is none, as in an interpreter. */
    Optional<Frame> at(Leak leak);
}
