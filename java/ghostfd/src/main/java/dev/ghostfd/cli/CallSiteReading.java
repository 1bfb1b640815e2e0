/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.attribution.CallSites;

/** Whatever finds out where descriptors are made, until it is closed. */
interface CallSiteReading extends AutoCloseable {
    /** Nothing is started, nothing is loaded for it. */
    CallSiteReading NONE = () -> CallSites.NONE;

    CallSites callSites();

    @Override
    default void close() {}
}
