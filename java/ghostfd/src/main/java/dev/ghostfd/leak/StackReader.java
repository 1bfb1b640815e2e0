/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.Event;
import dev.ghostfd.lifecycle.CallStack;
import dev.ghostfd.lifecycle.ProcessId;

/** Finds out, aside, where descriptors are made. Called on the consumer thread: must neither block nor throw. */
public interface StackReader {
    /** Is not interested. */
    StackReader NONE = new StackReader() {
        @Override
        public void read(Event stack, ProcessId process, int image) {}

        @Override
        public void found(CallStack stack) {}
    };

    /**
     * A stack that was copied when descriptors were made; what comes of it goes to {@link Tracing#madeAt}.
     *
     * @param stack valid during the call
     * @param image how many programs the process has been seen to start
     */
    void read(Event stack, ProcessId process, int image);

    /** A leak has been found that was made there: its names will be asked for. */
    void found(CallStack stack);
}
