/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The few functions of the C library that rawbpf does not bind. Names and numbers are C's; every function returns what the
 * C function returns, or the negated error number where that one says -1. Thread-safe: each thread has an errno of its own.
 */
@SuppressWarnings("restricted") // this package is where native code is called
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

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(StructLayout.PathElement.groupElement("errno"));
    private static final ThreadLocal<MemorySegment> CAPTURED =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

    private static final MethodHandle MMAP =
            link("mmap", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP = link("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle READ =
            link("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle OPEN = link("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle MEMFD_CREATE =
            link("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle CLOSE = link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle EPOLL_CREATE1 = link("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle EPOLL_CTL =
            link("epoll_ctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle EPOLL_WAIT =
            link("epoll_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOCK_GETTIME =
            link("clock_gettime", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle PRLIMIT =
            link("prlimit", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle SYSCONF = link("sysconf", FunctionDescriptor.of(JAVA_LONG, JAVA_INT));
    private static final MethodHandle MOUNT =
            link("mount", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));

    private Libc() {}

    private static MethodHandle link(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find(name).orElseThrow(), descriptor, Linker.Option.captureCallState("errno"));
    }

    /** Links a function of another library in the same way; its handle takes {@link #captured()} first. */
    static MethodHandle linkCapturing(MemorySegment address, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(address, descriptor, Linker.Option.captureCallState("errno"));
    }

    /** Where calls of this thread leave their error number. */
    static MemorySegment captured() {
        return CAPTURED.get();
    }

    /** The error number of this thread's last failed call through a capturing handle. */
    static int errno() {
        return (int) ERRNO.get(captured(), 0L);
    }

    private static long orErrno(long result) {
        return result == -1 ? -errno() : result;
    }

    static long mmap(long length, int protection, int flags, int fd, long offset) {
        try {
            return orErrno(
                    (long) MMAP.invokeExact(captured(), MemorySegment.NULL, length, protection, flags, fd, offset));
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static int munmap(MemorySegment segment) {
        try {
            return (int) orErrno((int) MUNMAP.invokeExact(captured(), segment, segment.byteSize()));
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static long read(int fd, MemorySegment into) {
        try {
            return orErrno((long) READ.invokeExact(captured(), fd, into, into.byteSize()));
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Of a file that is there: without O_CREAT there is no mode to pass. */
    static int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) orErrno((int) OPEN.invokeExact(captured(), arena.allocateFrom(path), flags));
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static int memfdCreate(String name, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) orErrno((int) MEMFD_CREATE.invokeExact(captured(), arena.allocateFrom(name), flags));
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static int close(int fd) {
        try {
            return (int) orErrno((int) CLOSE.invokeExact(captured(), fd));
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static int epollCreate1(int flags) {
        try {
            return (int) orErrno((int) EPOLL_CREATE1.invokeExact(captured(), flags));
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static int epollCtl(int epoll, int operation, int fd, MemorySegment event) {
        try {
            return (int) orErrno((int) EPOLL_CTL.invokeExact(captured(), epoll, operation, fd, event));
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Waits at most this many milliseconds. */
    static int epollWait(int epoll, MemorySegment events, int capacity, int timeoutMillis) {
        try {
            return (int) orErrno((int) EPOLL_WAIT.invokeExact(captured(), epoll, events, capacity, timeoutMillis));
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static int clockGettime(int clock, MemorySegment timespec) {
        try {
            return (int) orErrno((int) CLOCK_GETTIME.invokeExact(captured(), clock, timespec));
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static long sysconf(int name) {
        try {
            return orErrno((long) SYSCONF.invokeExact(captured(), name));
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Sets the limit if {@code set} is not NULL, and stores the former one in {@code former} if that is not NULL. */
    static int prlimit(int pid, int resource, MemorySegment set, MemorySegment former) {
        try {
            return (int) orErrno((int) PRLIMIT.invokeExact(captured(), pid, resource, set, former));
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static int mount(String source, String target, String type) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) orErrno((int) MOUNT.invokeExact(
                    captured(),
                    arena.allocateFrom(source),
                    arena.allocateFrom(target),
                    arena.allocateFrom(type),
                    0L,
                    MemorySegment.NULL));
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
