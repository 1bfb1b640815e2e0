/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * The functions of the C library that start a process, wait for it and signal it. Names and numbers are C's. Those of the
 * posix_spawn family return an error number, as in C; the others the negated error number where C's say -1. Thread-safe.
 */
@SuppressWarnings("restricted") // this package is where native code is called
final class LibcProcess {
    static final short POSIX_SPAWN_SETSIGDEF = 0x04;
    static final short POSIX_SPAWN_SETSIGMASK = 0x08;

    /** Room for a posix_spawnattr_t (336 bytes in glibc) or a posix_spawn_file_actions_t (80). */
    static final long SPAWN_STRUCT_BYTES = 512;

    /** sizeof(sigset_t), of which Linux uses the first 8: bit n - 1 is signal n. */
    static final long SIGSET_BYTES = 128;

    /** sizeof(siginfo_t). */
    static final long SIGINFO_BYTES = 128;

    static final int WEXITED = 4;
    static final int WNOWAIT = 0x01000000;
    static final int SIGQUIT = 3;

    private static final int P_PID = 1;
    private static final int O_CLOEXEC = 02000000;
    private static final long SIG_IGN = 1;

    private static final FunctionDescriptor INT_OF_POINTER = FunctionDescriptor.of(JAVA_INT, ADDRESS);
    private static final FunctionDescriptor INT_OF_POINTERS = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);

    private static final MethodHandle SPAWNP =
            link("posix_spawnp", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    private static final MethodHandle ATTR_INIT = link("posix_spawnattr_init", INT_OF_POINTER);
    private static final MethodHandle ATTR_SETFLAGS =
            link("posix_spawnattr_setflags", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_SHORT));
    private static final MethodHandle ATTR_SETSIGMASK = link("posix_spawnattr_setsigmask", INT_OF_POINTERS);
    private static final MethodHandle ATTR_SETSIGDEFAULT = link("posix_spawnattr_setsigdefault", INT_OF_POINTERS);
    private static final MethodHandle ACTIONS_INIT = link("posix_spawn_file_actions_init", INT_OF_POINTER);
    private static final MethodHandle ACTIONS_DESTROY = link("posix_spawn_file_actions_destroy", INT_OF_POINTER);
    private static final MethodHandle ACTIONS_ADDCLOSE =
            link("posix_spawn_file_actions_addclose", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle ACTIONS_ADDDUP2 =
            link("posix_spawn_file_actions_adddup2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle PIPE2 = link("pipe2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle WAITID =
            link("waitid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle WAITPID =
            link("waitpid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle KILL = link("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SIGNAL = link("signal", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG));

    private static final MemorySegment ENVIRON =
            Linker.nativeLinker().defaultLookup().find("environ").orElseThrow().reinterpret(ADDRESS.byteSize());

    private LibcProcess() {}

    /** Does nothing but initialise this class. */
    static void link() {}

    private static MethodHandle link(String name, FunctionDescriptor descriptor) {
        return Libc.linkCapturing(
                Linker.nativeLinker().defaultLookup().find(name).orElseThrow(), descriptor);
    }

    private static int orErrno(int result) {
        return result == -1 ? -Libc.errno() : result;
    }

    /** Arguments as C has them: pointers to texts that end with 0, and a null pointer. */
    static MemorySegment vector(List<byte[]> arguments, Arena arena) {
        MemorySegment vector = arena.allocate(ADDRESS, arguments.size() + 1L);
        for (int i = 0; i < arguments.size(); i++) {
            byte[] bytes = arguments.get(i);
            MemorySegment text = arena.allocate(bytes.length + 1L);
            MemorySegment.copy(bytes, 0, text, JAVA_BYTE, 0, bytes.length);
            vector.setAtIndex(ADDRESS, i, text);
        }
        return vector;
    }

    /** Starts a program found on PATH, with this process's environment; its pid is left in the first segment. */
    static int spawnp(
            MemorySegment pid,
            MemorySegment program,
            MemorySegment actions,
            MemorySegment attr,
            MemorySegment arguments) {
        try {
            MemorySegment environment = ENVIRON.get(ADDRESS, 0);
            return (int) SPAWNP.invokeExact(Libc.captured(), pid, program, actions, attr, arguments, environment);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static int attrInit(MemorySegment attr) {
        return call(ATTR_INIT, attr);
    }

    static int attrSetflags(MemorySegment attr, short flags) {
        try {
            return (int) ATTR_SETFLAGS.invokeExact(Libc.captured(), attr, flags);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static int attrSetsigmask(MemorySegment attr, MemorySegment set) {
        return call(ATTR_SETSIGMASK, attr, set);
    }

    static int attrSetsigdefault(MemorySegment attr, MemorySegment set) {
        return call(ATTR_SETSIGDEFAULT, attr, set);
    }

    static int actionsInit(MemorySegment actions) {
        return call(ACTIONS_INIT, actions);
    }

    static int actionsDestroy(MemorySegment actions) {
        return call(ACTIONS_DESTROY, actions);
    }

    static int actionsAddclose(MemorySegment actions, int fd) {
        try {
            return (int) ACTIONS_ADDCLOSE.invokeExact(Libc.captured(), actions, fd);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** The same number twice lets the descriptor survive the exec (glibc 2.29, musl 1.1.24). */
    static int actionsAdddup2(MemorySegment actions, int fd, int to) {
        try {
            return (int) ACTIONS_ADDDUP2.invokeExact(Libc.captured(), actions, fd, to);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** A pipe with close-on-exec: two ints, the end to read from first. */
    static int pipe(MemorySegment ends) {
        try {
            return orErrno((int) PIPE2.invokeExact(Libc.captured(), ends, O_CLOEXEC));
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Waits for one child. */
    static int waitid(int pid, MemorySegment siginfo, int options) {
        try {
            return orErrno((int) WAITID.invokeExact(Libc.captured(), P_PID, pid, siginfo, options));
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static int waitpid(int pid, MemorySegment status, int options) {
        try {
            return orErrno((int) WAITPID.invokeExact(Libc.captured(), pid, status, options));
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static int kill(int pid, int signal) {
        try {
            return orErrno((int) KILL.invokeExact(Libc.captured(), pid, signal));
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static void ignore(int signal) {
        try {
            long _ = (long) SIGNAL.invokeExact(Libc.captured(), signal, SIG_IGN);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static int call(MethodHandle function, MemorySegment argument) {
        try {
            return (int) function.invokeExact(Libc.captured(), argument);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static int call(MethodHandle function, MemorySegment first, MemorySegment second) {
        try {
            return (int) function.invokeExact(Libc.captured(), first, second);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
