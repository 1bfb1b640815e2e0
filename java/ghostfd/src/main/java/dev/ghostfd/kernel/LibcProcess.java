/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
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

    private static final NativeFunction SPAWNP = NativeFunction.ofLibc("posix_spawnp");
    private static final NativeFunction ATTR_INIT = NativeFunction.ofLibc("posix_spawnattr_init");
    private static final NativeFunction ATTR_SETFLAGS = NativeFunction.ofLibc("posix_spawnattr_setflags");
    private static final NativeFunction ATTR_SETSIGMASK = NativeFunction.ofLibc("posix_spawnattr_setsigmask");
    private static final NativeFunction ATTR_SETSIGDEFAULT = NativeFunction.ofLibc("posix_spawnattr_setsigdefault");
    private static final NativeFunction ACTIONS_INIT = NativeFunction.ofLibc("posix_spawn_file_actions_init");
    private static final NativeFunction ACTIONS_DESTROY = NativeFunction.ofLibc("posix_spawn_file_actions_destroy");
    private static final NativeFunction ACTIONS_ADDCLOSE = NativeFunction.ofLibc("posix_spawn_file_actions_addclose");
    private static final NativeFunction ACTIONS_ADDDUP2 = NativeFunction.ofLibc("posix_spawn_file_actions_adddup2");
    private static final NativeFunction PIPE2 = NativeFunction.ofLibc("pipe2");
    private static final NativeFunction WAITID = NativeFunction.ofLibc("waitid");
    private static final NativeFunction WAITPID = NativeFunction.ofLibc("waitpid");
    private static final NativeFunction KILL = NativeFunction.ofLibc("kill");
    private static final NativeFunction SIGNAL = NativeFunction.ofLibc("signal");

    private static final MemorySegment ENVIRON =
            Linker.nativeLinker().defaultLookup().find("environ").orElseThrow().reinterpret(ADDRESS.byteSize());

    private LibcProcess() {}

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
        MemorySegment environment = ENVIRON.get(ADDRESS, 0);
        return SPAWNP.number(pid, program, actions, attr, arguments, environment);
    }

    static int attrInit(MemorySegment attr) {
        return ATTR_INIT.number(attr);
    }

    static int attrSetflags(MemorySegment attr, short flags) {
        return ATTR_SETFLAGS.number(attr, flags);
    }

    static int attrSetsigmask(MemorySegment attr, MemorySegment set) {
        return ATTR_SETSIGMASK.number(attr, set);
    }

    static int attrSetsigdefault(MemorySegment attr, MemorySegment set) {
        return ATTR_SETSIGDEFAULT.number(attr, set);
    }

    static int actionsInit(MemorySegment actions) {
        return ACTIONS_INIT.number(actions);
    }

    static int actionsDestroy(MemorySegment actions) {
        return ACTIONS_DESTROY.number(actions);
    }

    static int actionsAddclose(MemorySegment actions, int fd) {
        return ACTIONS_ADDCLOSE.number(actions, fd);
    }

    /** The same number twice lets the descriptor survive the exec (glibc 2.29, musl 1.1.24). */
    static int actionsAdddup2(MemorySegment actions, int fd, int to) {
        return ACTIONS_ADDDUP2.number(actions, fd, to);
    }

    /** A pipe with close-on-exec: two ints, the end to read from first. */
    static int pipe(MemorySegment ends) {
        return PIPE2.numberOrErrno(ends, O_CLOEXEC);
    }

    /** Waits for one child. */
    static int waitid(int pid, MemorySegment siginfo, int options) {
        return WAITID.numberOrErrno(P_PID, pid, siginfo, options);
    }

    static int waitpid(int pid, MemorySegment status, int options) {
        return WAITPID.numberOrErrno(pid, status, options);
    }

    static int kill(int pid, int signal) {
        return KILL.numberOrErrno(pid, signal);
    }

    static void ignore(int signal) {
        SIGNAL.word(signal, SIG_IGN);
    }
}
