/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/**
 * System calls with which a thread changes what it may do, and a process what it runs, all through syscall(2): each
 * function that is linked costs a JVM that is about to be replaced 10 ms. They return what the kernel returns, a negated
 * error number on failure. Not thread-safe.
 */
@SuppressWarnings("restricted") // this package is where native code is called
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

    /** The numbers of one architecture (asm/unistd.h). */
    private record Numbers(
            long prctl, long capset, long fcntl, long prlimit64, long execve, long perfEventOpen, long close) {
        static Optional<Numbers> here() {
            return switch (System.getProperty("os.arch")) {
                case "amd64" -> Optional.of(new Numbers(157, 126, 72, 302, 59, 298, 3));
                case "aarch64" -> Optional.of(new Numbers(167, 91, 25, 261, 221, 241, 57));
                default -> Optional.empty();
            };
        }
    }

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    private final Numbers numbers;
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment state = arena.allocate(STATE);
    private final MethodHandle syscall;

    private Syscalls(Numbers numbers) {
        this.numbers = numbers;
        Linker linker = Linker.nativeLinker();
        syscall = linker.downcallHandle(
                linker.defaultLookup().find("syscall").orElseThrow(),
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                Linker.Option.captureCallState("errno"));
    }

    /** Empty on an architecture whose numbers are not known here. */
    static Optional<Syscalls> here() {
        return Numbers.here().map(Syscalls::new);
    }

    private int call(long number, long first, long second, long third, long fourth) {
        return call(number, first, second, third, fourth, 0);
    }

    private int call(long number, long first, long second, long third, long fourth, long fifth) {
        try {
            long result = (long) syscall.invokeExact(state, number, first, second, third, fourth, fifth);
            return result == -1 ? -state.get(JAVA_INT, ERRNO) : (int) result;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    int prctl(int operation, long first, long second) {
        return call(numbers.prctl(), operation, first, second, 0);
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
        return call(numbers.capset(), header.address(), sets.address(), 0, 0);
    }

    /** Opens an event that never happens, of any process, in the way in which tracepoints are attached to. */
    int openPerfEvent() {
        MemorySegment attributes = arena.allocate(PERF_ATTR_SIZE_VER0, Long.BYTES);
        attributes.set(JAVA_INT, 0, PERF_TYPE_SOFTWARE);
        attributes.set(JAVA_INT, Integer.BYTES, (int) PERF_ATTR_SIZE_VER0);
        attributes.set(JAVA_LONG, Long.BYTES, PERF_COUNT_SW_DUMMY);
        return call(numbers.perfEventOpen(), attributes.address(), -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
    }

    void close(int fd) {
        call(numbers.close(), fd, 0, 0, 0);
    }

    int closeOnExec(int fd) {
        return call(numbers.fcntl(), fd, F_SETFD, FD_CLOEXEC, 0);
    }

    int unlimitLockedMemory() {
        MemorySegment limit = arena.allocateFrom(JAVA_LONG, -1, -1);
        return call(numbers.prlimit64(), 0, RLIMIT_MEMLOCK, limit.address(), 0);
    }

    /** Returns only if it fails. The program keeps the pid; this JVM and its threads are gone, without shutdown hooks. */
    int execve(String program, List<byte[]> arguments, List<byte[]> environment) {
        return call(
                numbers.execve(),
                arena.allocateFrom(program).address(),
                strings(arguments).address(),
                strings(environment).address(),
                0);
    }

    /** An array of C strings with NULL at its end. */
    private MemorySegment strings(List<byte[]> texts) {
        MemorySegment array = arena.allocate(ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            byte[] text = texts.get(i);
            MemorySegment copy = arena.allocate(text.length + 1L);
            MemorySegment.copy(MemorySegment.ofArray(text), 0, copy, 0, text.length);
            array.setAtIndex(ADDRESS, i, copy);
        }
        return array;
    }
}
