/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import dev.ghostfd.leak.NodeView;
import dev.ghostfd.lifecycle.ProcessView;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Asks for the names of every cgroup with a process in it, once a second on a thread of its own. So they are known when
 * somebody wants them, also of a container that is gone by then.
 */
public final class LookAhead implements AutoCloseable {
    private static final long INTERVAL_MILLIS = 1_000;

    private final Supplier<NodeView> node;
    private final Attribution attribution;
    private final Thread thread = Thread.ofPlatform().name("names").daemon().unstarted(this::run);

    /**
     * Starts the thread.
     *
     * @param node the newest published view
     */
    public LookAhead(Supplier<NodeView> node, Attribution attribution) {
        this.node = node;
        this.attribution = attribution;
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                Set<Long> cgroups = new HashSet<>();
                for (ProcessView process : node.get().processes()) {
                    if (cgroups.add(process.cgroup())) {
                        attribution.container(process.cgroup());
                    }
                }
                Thread.sleep(INTERVAL_MILLIS);
            }
        } catch (InterruptedException closing) {
            /* The only one who interrupts is close(). */
        }
    }

    /** Ends the thread. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
