/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

/**
 * Where a descriptor was made: return addresses of a thread's user stack, innermost first. Two stacks of the same process
 * image with the same addresses are the same object, so identity is equality. Immutable.
 */
public final class CallStack {
    private final ProcessId process;
    private final long[] addresses;

    /**
     * The stack as the kernel walked it.
     *
     * @param process whose memory the addresses mean something in; a fork's copy of a descriptor keeps its maker's
     * @param addresses kept, not copied
     */
    public CallStack(ProcessId process, long... addresses) {
        this.process = process;
        this.addresses = addresses;
    }

    public ProcessId process() {
        return process;
    }

    public int depth() {
        return addresses.length;
    }

    /** The return address at a depth; 0 is where the system call was made. */
    public long address(int depth) {
        return addresses[depth];
    }
}
