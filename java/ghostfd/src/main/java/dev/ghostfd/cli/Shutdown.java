/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import java.util.concurrent.CompletableFuture;

/** A signal asks the JVM to end: the command winds up first, and that counts as success. */
final class Shutdown {
    private final CompletableFuture<Void> asked = new CompletableFuture<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    /** Completes when SIGTERM or SIGINT has come. */
    CompletableFuture<Void> asked() {
        return asked;
    }

    void install() {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            boolean bySignal = !done.isDone();
                            asked.complete(null);
                            done.join();
                            if (bySignal) {
                                Runtime.getRuntime().halt(0);
                            }
                        },
                        "shutdown"));
    }

    /** Everything is closed: the JVM may end. */
    void done() {
        done.complete(null);
    }
}
