/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.util.List;

/** {@code struct config} in bpf/events.h, set once before loading. */
final class Config {
    static final long IDENTITY_KEY = 0;
    static final long WAKEUP_BYTES = 8;
    static final long SELF = 16;
    static final long SCOPED = 20;
    static final long CGROUPS = 24;
    static final long STACKS = 28;
    static final long CGROUP_ID = 32;
    static final long CGROUP_LEVEL = CGROUP_ID + TracerOptions.MAX_CGROUPS * 8L;
    static final long BYTES = CGROUP_LEVEL + TracerOptions.MAX_CGROUPS * 4L;

    private Config() {}

    static MemorySegment of(TracerOptions options, Arena arena) {
        MemorySegment config = arena.allocate(BYTES, 8);
        config.set(JAVA_LONG, IDENTITY_KEY, new SecureRandom().nextLong());
        config.set(JAVA_LONG, WAKEUP_BYTES, options.ringBytes() / 4);
        config.set(JAVA_INT, SELF, (int) ProcessHandle.current().pid());
        config.set(JAVA_INT, SCOPED, options.isScoped() ? 1 : 0);
        config.set(JAVA_INT, CGROUPS, options.cgroups().size());
        config.set(JAVA_INT, STACKS, options.stacks() ? 1 : 0);
        List<TracerOptions.CgroupRef> cgroups = options.cgroups();
        for (int i = 0; i < cgroups.size(); i++) {
            config.set(JAVA_LONG, CGROUP_ID + i * 8L, cgroups.get(i).id());
            config.set(JAVA_INT, CGROUP_LEVEL + i * 4L, cgroups.get(i).level());
        }
        return config;
    }
}
