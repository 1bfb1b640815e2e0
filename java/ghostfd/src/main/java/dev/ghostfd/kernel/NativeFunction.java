/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.util.Optional;

/**
 * A C function of integers and pointers, seven at most, called with a 64-bit word for each.
 *
 * <p>In the calling conventions of Linux on x86-64 and arm64 each such argument has a register or a word of the stack of its
 * own, of which the function reads the part that it declares, and it looks at nothing beyond its arguments. So every function
 * is called in the same way, with seven words, as syscall(2) always calls the kernel with six. The JVM makes classes for each
 * way of calling, which takes 5 ms of CPU; forty of them were a fifth of what a daemon needed until it was ready.
 *
 * <p>Arguments are boxed: nothing here is called for each event. Thread-safe.
 */
@SuppressWarnings("restricted") // this package is where native code is called
final class NativeFunction {
    private static final int MOST_ARGUMENTS = 7;
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final ThreadLocal<MemorySegment> CAPTURED =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));
    private static final MethodHandle CALL = Linker.nativeLinker()
            .downcallHandle(
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                    Linker.Option.captureCallState("errno"));

    private final MemorySegment address;

    private NativeFunction(MemorySegment address) {
        this.address = address;
    }

    /** A function of the C library. */
    static NativeFunction ofLibc(String name) {
        return of(Linker.nativeLinker().defaultLookup(), name);
    }

    /** Empty if this C library has none of that name. */
    static Optional<NativeFunction> ifInLibc(String name) {
        return Linker.nativeLinker().defaultLookup().find(name).map(NativeFunction::new);
    }

    static NativeFunction of(SymbolLookup library, String name) {
        return new NativeFunction(library.find(name).orElseThrow(() -> new LinkageError("there is no " + name)));
    }

    /** The error number that this thread's last call left, of any function. */
    static int errno() {
        return CAPTURED.get().get(JAVA_INT, ERRNO);
    }

    /** What it returns, if that has 64 bits. Arguments are a {@link Number}, a {@link Boolean} or a {@link MemorySegment}. */
    long word(Object... arguments) {
        if (arguments.length > MOST_ARGUMENTS) {
            throw new IllegalArgumentException(arguments.length + " arguments");
        }
        long[] words = new long[MOST_ARGUMENTS];
        for (int i = 0; i < arguments.length; i++) {
            words[i] = wordOf(arguments[i]);
        }
        try {
            return (long) CALL.invokeExact(
                    address, CAPTURED.get(), words[0], words[1], words[2], words[3], words[4], words[5], words[6]);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        } finally {
            Reference.reachabilityFence(arguments);
        }
    }

    private static long wordOf(Object argument) {
        // Not by a switch: the JVM would make classes for that as well.
        if (argument instanceof MemorySegment memory
                && memory.isNative()
                && memory.scope().isAlive()) {
            return memory.address();
        }
        if (argument instanceof Number number) {
            return number.longValue();
        }
        if (argument instanceof Boolean truth) {
            return truth ? 1 : 0;
        }
        throw new IllegalArgumentException("nothing that C could be given: " + argument);
    }

    /** What it returns, if that is an int: the upper half of the word is anything. */
    int number(Object... arguments) {
        return (int) word(arguments);
    }

    MemorySegment pointer(Object... arguments) {
        return MemorySegment.ofAddress(word(arguments));
    }

    /** {@link #word}, or the negated error number where C says -1. */
    long wordOrErrno(Object... arguments) {
        long result = word(arguments);
        return result == -1 ? -errno() : result;
    }

    /** {@link #number}, or the negated error number where C says -1. */
    int numberOrErrno(Object... arguments) {
        int result = number(arguments);
        return result == -1 ? -errno() : result;
    }
}
