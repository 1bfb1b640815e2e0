/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The few functions of the C library that rawbpf does not bind. Names and numbers are C's; every function returns what the
 * C function returns, or the negated error number where that one says -1. Thread-safe: each thread has an errno of its own.
 */
final class Libc {
    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_SHARED = 1;
    static final int O_RDONLY = 0;
    static final int O_NONBLOCK = 04000;
    static final int O_CLOEXEC = 02000000;
    static final int MFD_CLOEXEC = 1;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLLIN = 1;
    /** sizeof(struct epoll_event) at its largest; packed to 12 on x86-64, 16 elsewhere. */
    static final long EPOLL_EVENT_BYTES = 16;

    private static final NativeFunction MMAP = NativeFunction.ofLibc("mmap");
    private static final NativeFunction MUNMAP = NativeFunction.ofLibc("munmap");
    private static final NativeFunction READ = NativeFunction.ofLibc("read");
    private static final NativeFunction OPEN = NativeFunction.ofLibc("open");
    private static final NativeFunction MEMFD_CREATE = NativeFunction.ofLibc("memfd_create");
    private static final NativeFunction CLOSE = NativeFunction.ofLibc("close");
    private static final NativeFunction EPOLL_CREATE1 = NativeFunction.ofLibc("epoll_create1");
    private static final NativeFunction EPOLL_CTL = NativeFunction.ofLibc("epoll_ctl");
    private static final NativeFunction EPOLL_WAIT = NativeFunction.ofLibc("epoll_wait");
    private static final NativeFunction CLOCK_GETTIME = NativeFunction.ofLibc("clock_gettime");
    private static final NativeFunction PRLIMIT = NativeFunction.ofLibc("prlimit");
    private static final NativeFunction SYSCONF = NativeFunction.ofLibc("sysconf");
    private static final NativeFunction MOUNT = NativeFunction.ofLibc("mount");
    private static final NativeFunction FREE = NativeFunction.ofLibc("free");

    private Libc() {}

    static long mmap(long length, int protection, int flags, int fd, long offset) {
        return MMAP.wordOrErrno(MemorySegment.NULL, length, protection, flags, fd, offset);
    }

    static int munmap(MemorySegment segment) {
        return MUNMAP.numberOrErrno(segment, segment.byteSize());
    }

    static long read(int fd, MemorySegment into) {
        return READ.wordOrErrno(fd, into, into.byteSize());
    }

    /** Of a file that is there: without O_CREAT there is no mode to pass. */
    static int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return OPEN.numberOrErrno(arena.allocateFrom(path), flags);
        }
    }

    static int memfdCreate(String name, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return MEMFD_CREATE.numberOrErrno(arena.allocateFrom(name), flags);
        }
    }

    static int close(int fd) {
        return CLOSE.numberOrErrno(fd);
    }

    static int epollCreate1(int flags) {
        return EPOLL_CREATE1.numberOrErrno(flags);
    }

    static int epollCtl(int epoll, int operation, int fd, MemorySegment event) {
        return EPOLL_CTL.numberOrErrno(epoll, operation, fd, event);
    }

    /** Waits at most this many milliseconds. */
    static int epollWait(int epoll, MemorySegment events, int capacity, int timeoutMillis) {
        return EPOLL_WAIT.numberOrErrno(epoll, events, capacity, timeoutMillis);
    }

    static int clockGettime(int clock, MemorySegment timespec) {
        return CLOCK_GETTIME.numberOrErrno(clock, timespec);
    }

    static long sysconf(int name) {
        return SYSCONF.wordOrErrno(name);
    }

    /** Sets the limit if {@code set} is not NULL, and stores the former one in {@code former} if that is not NULL. */
    static int prlimit(int pid, int resource, MemorySegment set, MemorySegment former) {
        return PRLIMIT.numberOrErrno(pid, resource, set, former);
    }

    static int mount(String source, String target, String type) {
        try (Arena arena = Arena.ofConfined()) {
            return MOUNT.numberOrErrno(
                    arena.allocateFrom(source),
                    arena.allocateFrom(target),
                    arena.allocateFrom(type),
                    0,
                    MemorySegment.NULL);
        }
    }

    static void free(MemorySegment pointer) {
        FREE.word(pointer);
    }
}
