/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Waits for the ring buffer to fill past its watermark, level-triggered: it stays ready until someone has read. */
final class WakeupWait implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment event = arena.allocate(Libc.EPOLL_EVENT_BYTES, 8);
    private final int epoll;

    WakeupWait(int ring) {
        epoll = Libc.epollCreate1(Libc.O_CLOEXEC);
        if (epoll < 0) {
            arena.close();
            throw new KernelException("create an epoll descriptor", -epoll, "raise the limit of open files");
        }
        event.set(JAVA_INT_UNALIGNED, 0, Libc.EPOLLIN);
        int result = Libc.epollCtl(epoll, Libc.EPOLL_CTL_ADD, ring, event);
        if (result < 0) {
            close();
            throw new KernelException("watch the ring buffer", -result, "");
        }
    }

    /** An early return, by a signal say, is harmless: the caller polls. */
    void await(int millis) {
        Libc.epollWait(epoll, event, 1, millis);
    }

    @Override
    public void close() {
        Libc.close(epoll);
        arena.close();
    }
}
