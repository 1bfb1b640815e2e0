/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import me.bechberger.ebpf.bpf.raw.Lib;

/** What the running kernel offers to programs, found by trying: distributions carry features back to older versions. */
final class Helpers {
    /* linux/bpf.h */
    private static final int PROG_TYPE_TRACEPOINT = 5;
    private static final int TASK_PT_REGS = 175;

    private static final int BTF_KIND_FUNC = 12;

    private Helpers() {}

    /** Whether the return of a system call can see its arguments: since 5.15. CO-RE asks the same of the kernel's BTF. */
    static boolean taskRegisters() {
        return Lib.libbpf_probe_bpf_helper(PROG_TYPE_TRACEPOINT, TASK_PT_REGS, MemorySegment.NULL) == 1;
    }

    /** Whether programs can load fields of kernel objects without a helper's call: since 6.2. */
    static boolean directLoads() {
        MemorySegment types = Lib.btf__load_vmlinux_btf();
        if (types.address() == 0) {
            return false;
        }
        try (Arena call = Arena.ofConfined()) {
            return Lib.btf__find_by_name_kind(types, call.allocateFrom("bpf_rdonly_cast"), BTF_KIND_FUNC) > 0;
        } finally {
            Lib.btf__free(types);
        }
    }
}
