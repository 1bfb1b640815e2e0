/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * System calls with which a thread changes what it may do, and a process what it runs. They return what the kernel returns, a
 * negated error number on failure. Not thread-safe.
 */
final class Syscalls {
    static final int PR_CAPBSET_DROP = 24;
    static final int PR_SET_NO_NEW_PRIVS = 38;
    static final int PR_CAP_AMBIENT = 47;
    static final int PR_CAP_AMBIENT_RAISE = 2;
    static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;

    private static final long PERF_ATTR_SIZE_VER0 = 64;
    private static final int PERF_TYPE_SOFTWARE = 1;
    private static final long PERF_COUNT_SW_DUMMY = 9;
    private static final long PERF_FLAG_FD_CLOEXEC = 8;
    private static final int RLIMIT_MEMLOCK = 8;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    /** _LINUX_CAPABILITY_VERSION_3: three sets of 64 bits, each in two halves. */
    private static final int CAPABILITY_VERSION = 0x20080522;

    private static final NativeFunction PRCTL = NativeFunction.ofLibc("prctl");
    private static final NativeFunction CAPSET = NativeFunction.ofLibc("capset");
    private static final NativeFunction FCNTL = NativeFunction.ofLibc("fcntl");
    private static final NativeFunction EXECVE = NativeFunction.ofLibc("execve");
    private static final NativeFunction SYSCALL = NativeFunction.ofLibc("syscall");

    private final Arena arena = Arena.ofAuto();

    /** __NR_perf_event_open (asm/unistd.h), for which C libraries have no function. */
    private static int numberOfPerfEventOpen() {
        return System.getProperty("os.arch").equals("aarch64") ? 241 : 298;
    }

    int prctl(int operation, long first, long second) {
        return PRCTL.numberOrErrno(operation, first, second, 0, 0);
    }

    /** Of the calling thread alone; bit n stands for capability n. */
    int capset(long effective, long permitted, long inheritable) {
        MemorySegment header = arena.allocateFrom(JAVA_INT, CAPABILITY_VERSION, 0);
        MemorySegment sets = arena.allocateFrom(
                JAVA_INT,
                (int) effective,
                (int) permitted,
                (int) inheritable,
                (int) (effective >>> Integer.SIZE),
                (int) (permitted >>> Integer.SIZE),
                (int) (inheritable >>> Integer.SIZE));
        return CAPSET.numberOrErrno(header, sets);
    }

    /** Opens an event that never happens, of any process, in the way in which tracepoints are attached to. */
    int openPerfEvent() {
        MemorySegment attributes = arena.allocate(PERF_ATTR_SIZE_VER0, Long.BYTES);
        attributes.set(JAVA_INT, 0, PERF_TYPE_SOFTWARE);
        attributes.set(JAVA_INT, Integer.BYTES, (int) PERF_ATTR_SIZE_VER0);
        attributes.set(JAVA_LONG, Long.BYTES, PERF_COUNT_SW_DUMMY);
        return SYSCALL.numberOrErrno(numberOfPerfEventOpen(), attributes, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
    }

    int closeOnExec(int fd) {
        return FCNTL.numberOrErrno(fd, F_SETFD, FD_CLOEXEC);
    }

    int unlimitLockedMemory() {
        return Libc.prlimit(0, RLIMIT_MEMLOCK, arena.allocateFrom(JAVA_LONG, -1, -1), MemorySegment.NULL);
    }

    /** Returns only if it fails. The program keeps the pid; this JVM and its threads are gone, without shutdown hooks. */
    int execve(String program, List<byte[]> arguments, List<byte[]> environment) {
        return EXECVE.numberOrErrno(
                arena.allocateFrom(program),
                LibcProcess.vector(arguments, arena),
                LibcProcess.vector(environment, arena));
    }
}
