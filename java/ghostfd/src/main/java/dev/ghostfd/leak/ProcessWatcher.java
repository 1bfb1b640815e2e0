/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.lifecycle.ProcessId;
import java.util.Optional;

/** Is told of processes while they live, to look at them aside. Called on the consumer thread: must neither block nor throw. */
@FunctionalInterface
public interface ProcessWatcher {
    /** Is not interested. */
    ProcessWatcher NONE = (_, _) -> {};

    /**
     * A process runs another program.
     *
     * @param parent by whose fork it came, still with that one's program; empty after an exec
     */
    void runs(ProcessId process, Optional<ProcessId> parent);
}
