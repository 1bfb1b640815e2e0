/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

/** The size of a memory page: 4 KiB, or up to 64 KiB on arm64. */
public final class PageSize {
    /** _SC_PAGESIZE of bits/confname.h. */
    private static final int SC_PAGESIZE = 30;

    private PageSize() {}

    /** In bytes. Works before libbpf is loaded. */
    public static long bytes() {
        return Holder.BYTES;
    }

    private static final class Holder {
        static final long BYTES = Libc.sysconf(SC_PAGESIZE);
    }
}
