/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

/** Told, on the consumer thread, of moments after which something may have become a leak. */
public interface LifecycleListener {
    /** The last process that had received this pipe's {@code end} has exited, and the pipe is still held somewhere. */
    void receiversGone(Pipe pipe, End end);

    /** A process has exited and waits to be reaped. */
    void exited(TrackedProcess process);

    /** A process has been reaped. */
    void reaped(TrackedProcess process);
}
