/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.lang.foreign.MemorySegment;
import me.bechberger.ebpf.bpf.raw.Lib;

/** What the running kernel offers to programs, found by trying: distributions carry features back to older versions. */
final class Helpers {
    /* linux/bpf.h */
    private static final int PROG_TYPE_TRACEPOINT = 5;
    private static final int TASK_PT_REGS = 175;

    private Helpers() {}

    /** Whether the return of a system call can see its arguments: since 5.15. CO-RE asks the same of the kernel's BTF. */
    static boolean taskRegisters() {
        return Lib.libbpf_probe_bpf_helper(PROG_TYPE_TRACEPOINT, TASK_PT_REGS, MemorySegment.NULL) == 1;
    }
}
