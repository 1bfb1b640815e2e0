/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.nio.file.Path;
import java.util.Optional;

/** Where debugging information lies that has been split off a module. */
public interface DebugFiles {
    /**
     * The file to read. Called while an address is looked up, on that thread.
     *
     * @param link what the module, or its debug file, says about where to look; empty when it says nothing
     */
    Optional<Path> find(String link);
}
