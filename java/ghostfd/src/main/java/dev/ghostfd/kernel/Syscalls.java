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

    private static final int RLIMIT_MEMLOCK = 8;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    /** _LINUX_CAPABILITY_VERSION_3: three sets of 64 bits, each in two halves. */
    private static final int CAPABILITY_VERSION = 0x20080522;

    /** The numbers of one architecture (asm/unistd.h). */
    private record Numbers(long prctl, long capset, long fcntl, long prlimit64, long execve) {
        static Optional<Numbers> here() {
            return switch (System.getProperty("os.arch")) {
                case "amd64" -> Optional.of(new Numbers(157, 126, 72, 302, 59));
                case "aarch64" -> Optional.of(new Numbers(167, 91, 25, 261, 221));
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
        try {
            long result = (long) syscall.invokeExact(state, number, first, second, third, fourth, 0L);
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
