/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import me.bechberger.ebpf.bpf.raw.Lib;

/** What the running kernel offers to programs, found by trying: distributions carry features back to older versions. */
final class Helpers {
    /* linux/bpf.h */
    private static final int PROG_TYPE_TRACEPOINT = 5;
    private static final int TASK_PT_REGS = 175;

    private static final Path TYPES = Path.of("/sys/kernel/btf/vmlinux");
    private static final NativeFunction MEMMEM = NativeFunction.ofLibc("memmem");

    private Helpers() {}

    /** Whether the return of a system call can see its arguments: since 5.15. CO-RE asks the same of the kernel's BTF. */
    static boolean taskRegisters() {
        return Lib.libbpf_probe_bpf_helper(PROG_TYPE_TRACEPOINT, TASK_PT_REGS, MemorySegment.NULL) == 1;
    }

    /**
     * Whether programs can load fields of kernel objects without a helper's call: since 6.2, with a function whose name is in
     * the kernel's BTF then. To look for the name alone takes a tenth of what it takes to parse all types.
     */
    static boolean directLoads() {
        try (Arena arena = Arena.ofConfined();
                FileChannel types = FileChannel.open(TYPES)) {
            MemorySegment bytes = arena.allocate(types.size());
            ByteBuffer room = bytes.asByteBuffer();
            int read = 0;
            while (room.hasRemaining() && read >= 0) {
                read = types.read(room);
            }
            MemorySegment name = arena.allocateFrom("bpf_rdonly_cast");
            return !MEMMEM.pointer(bytes, bytes.byteSize(), name, name.byteSize())
                    .equals(MemorySegment.NULL);
        } catch (IOException unreadable) {
            return false;
        }
    }
}
