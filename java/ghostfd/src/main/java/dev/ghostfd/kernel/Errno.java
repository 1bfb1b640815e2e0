/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.util.Map;

/** The error numbers of Linux on the architectures ghostfd runs on (asm-generic/errno.h), those that can meet it. */
final class Errno {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int ENOEXEC = 8;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int EINVAL = 22;
    static final int EMFILE = 24;
    static final int ENOSPC = 28;
    static final int EOPNOTSUPP = 95;

    private static final Map<Integer, String> TEXTS = Map.ofEntries(
            Map.entry(EPERM, "operation not permitted (EPERM)"),
            Map.entry(ENOENT, "no such file or entry (ENOENT)"),
            Map.entry(ESRCH, "no such process (ESRCH)"),
            Map.entry(EINTR, "interrupted (EINTR)"),
            Map.entry(7, "argument list or program too big (E2BIG)"),
            Map.entry(EAGAIN, "try again (EAGAIN)"),
            Map.entry(ENOMEM, "out of memory (ENOMEM)"),
            Map.entry(EACCES, "permission denied (EACCES)"),
            Map.entry(EBUSY, "busy (EBUSY)"),
            Map.entry(17, "exists already (EEXIST)"),
            Map.entry(19, "no such device (ENODEV)"),
            Map.entry(EINVAL, "invalid argument (EINVAL)"),
            Map.entry(EMFILE, "too many open files (EMFILE)"),
            Map.entry(ENOSPC, "no space left (ENOSPC)"),
            Map.entry(EOPNOTSUPP, "not supported (EOPNOTSUPP)"),
            /* libbpf's own, bpf/libbpf.h. */
            Map.entry(4000, "not readable by libelf"),
            Map.entry(4001, "not a BPF object"),
            Map.entry(4003, "wrong byte order"),
            Map.entry(4005, "relocation failed"));

    private Errno() {}

    static String text(int errno) {
        return TEXTS.getOrDefault(errno, "error " + errno);
    }
}
