/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.unwind;

import dev.ghostfd.lifecycle.ProcessId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What was kept of a thread at the return of a system call: registers, a piece of its stack, and the kernel's own walk.
 * Made once and used again and again. One thread at a time: whoever borrowed it fills it, from
 * {@link UnwindQueue#submit} on it is the unwinder's.
 */
public final class StackSample {
    /** Room for the copy of the stack. */
    public static final int STACK_BYTES = 4096;
    /** Room for the kernel's walk. */
    public static final int WALK_DEPTH = 16;

    /** For {@link #image}, {@link #link}: not known. */
    public static final long UNKNOWN = 0;

    private static final UnwoundStack NO_ONE = (_, _, _) -> {};
    private static final ProcessId NOBODY = new ProcessId(0, 0);
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final byte[] stack = new byte[STACK_BYTES];
    private final long[] walk = new long[WALK_DEPTH];
    private final Optional<StackSample> present = Optional.of(this);
    private ProcessId process = NOBODY;
    private UnwoundStack listener = NO_ONE;
    private long image;
    private long correlation;
    private long ip;
    private long sp;
    private long fp;
    private long link;
    private int stackBytes;
    private int walkDepth;

    /**
     * Says whose stack it is, and empties the rest.
     *
     * @param process for whose memory the addresses hold
     * @param image a number that changes when the process executes another program, or {@link #UNKNOWN}: tells when its
     *     memory map has to be read again
     * @param correlation the caller's own, to tell what the answer belongs to
     */
    public void of(ProcessId process, long image, long correlation) {
        this.process = process;
        this.image = image;
        this.correlation = correlation;
        registers(0, 0, 0, UNKNOWN);
        stackBytes = 0;
        walkDepth = 0;
    }

    /**
     * Sets the registers as they were in user mode, right behind the system call.
     *
     * @param fp rbp on x86-64, x29 on aarch64
     * @param link x30 on aarch64, where a leaf's return address lies only there; {@link #UNKNOWN} on x86-64
     */
    public void registers(long ip, long sp, long fp, long link) {
        this.ip = ip;
        this.sp = sp;
        this.fp = fp;
        this.link = link;
    }

    /** Where to copy the stack to, from the stack pointer up; say how much with {@link #stackBytes(int)}. */
    public byte[] stack() {
        return stack;
    }

    public void stackBytes(int bytes) {
        stackBytes = Math.clamp(bytes, 0, STACK_BYTES);
    }

    /** Where to copy the kernel's walk to; say how much with {@link #walkDepth(int)}. */
    public long[] walk() {
        return walk;
    }

    public void walkDepth(int depth) {
        walkDepth = Math.clamp(depth, 0, WALK_DEPTH);
    }

    public ProcessId process() {
        return process;
    }

    public long image() {
        return image;
    }

    public long correlation() {
        return correlation;
    }

    long ip() {
        return ip;
    }

    long sp() {
        return sp;
    }

    long fp() {
        return fp;
    }

    long link() {
        return link;
    }

    int walkDepth() {
        return walkDepth;
    }

    /** Whether the copy holds the eight bytes at this address of the thread's memory. */
    boolean holds(long address) {
        long into = address - sp;
        return into >= 0 && into <= stackBytes - Long.BYTES;
    }

    /** The eight bytes at an address that {@link #holds} is true for. */
    long word(long address) {
        return (long) WORD.get(stack, (int) (address - sp));
    }

    /** Sets whom to tell what has been found. */
    void tell(UnwoundStack whom) {
        listener = whom;
    }

    UnwoundStack listener() {
        return listener;
    }

    /** Itself, so that borrowing makes no garbage. */
    Optional<StackSample> present() {
        return present;
    }
}
