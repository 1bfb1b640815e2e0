/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.util.List;
import java.util.Optional;

/**
 * What to trace and how.
 *
 * @param tracing false for snapshots only: no program is attached to a tracepoint
 * @param ringBytes size of the ring buffer, a power of two and a multiple of the page size
 * @param byProcess whether only processes that {@link Tracer#admit} names, and their descendants, are traced
 * @param cgroups only processes in these v2 cgroups or below; with byProcess, either admits
 * @param stacks whether to tell where descriptors are made
 * @param paths where the host's file systems are
 */
public record TracerOptions(
        boolean tracing, long ringBytes, boolean byProcess, List<CgroupRef> cgroups, boolean stacks, HostPaths paths) {
    /** Environment variable: where the kernel's BTF is, if not in sysfs. */
    public static final String BTF_OVERRIDE = "GHOSTFD_BTF";

    /** Environment variable: a BPF object to load instead of the packed one. */
    public static final String OBJECT_OVERRIDE = "GHOSTFD_OBJECT";

    /** As many as the kernel side looks at. */
    public static final int MAX_CGROUPS = 32;

    public TracerOptions {
        if (Long.bitCount(ringBytes) != 1 || ringBytes % PageSize.bytes() != 0 || ringBytes > 1L << 30) {
            throw new IllegalArgumentException("the ring buffer's size must be a power of two from " + PageSize.bytes()
                    + " bytes to 1GiB, not " + ringBytes);
        }
        if (cgroups.size() > MAX_CGROUPS) {
            throw new IllegalArgumentException("at most " + MAX_CGROUPS + " cgroups can be traced at once");
        }
        cgroups = List.copyOf(cgroups);
    }

    /** With the host's file systems where they usually are. */
    public TracerOptions(boolean tracing, long ringBytes, boolean byProcess, List<CgroupRef> cgroups, boolean stacks) {
        this(tracing, ringBytes, byProcess, cgroups, stacks, HostPaths.USUAL);
    }

    static Optional<String> btfOverride() {
        return Optional.ofNullable(System.getenv(BTF_OVERRIDE));
    }

    /** Whether anything is left out. */
    public boolean isScoped() {
        return byProcess || !cgroups.isEmpty();
    }

    /**
     * A cgroup of the v2 hierarchy.
     *
     * @param id its kernfs id, which is its folder's inode number
     * @param level its depth, the root's being 0
     */
    public record CgroupRef(long id, int level) {}
}
