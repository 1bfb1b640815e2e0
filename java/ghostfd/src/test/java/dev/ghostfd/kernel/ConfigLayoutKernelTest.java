/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.btf.Btf;
import org.junit.jupiter.api.Test;

/** What Java writes for the BPF programs and reads from their maps, as bpf/events.h lays it out. */
class ConfigLayoutKernelTest {
    private final Btf object = Btf.ofGhostfd();

    @Test
    void config() {
        Btf.Struct here = Btf.Struct.of((int) Config.BYTES)
                .with("identity_key", Config.IDENTITY_KEY, 8)
                .with("wakeup_bytes", Config.WAKEUP_BYTES, 8)
                .with("self", Config.SELF, 4)
                .with("scoped", Config.SCOPED, 4)
                .with("cgroups", Config.CGROUPS, 4)
                .with("stacks", Config.STACKS, 4)
                .with("cgroup_id", Config.CGROUP_ID, 8 * TracerOptions.MAX_CGROUPS)
                .with("cgroup_level", Config.CGROUP_LEVEL, 4 * TracerOptions.MAX_CGROUPS);

        assertThat(object.struct("config")).isEqualTo(here);
    }

    @Test
    void losses() {
        assertThat(object.struct("losses"))
                .isEqualTo(Btf.Struct.of((int) LossCounters.BYTES).with("count", 0, (int) LossCounters.BYTES));
        assertThat(LossCounters.BYTES).isEqualTo(8L * LossCounters.CPUS * LossCounters.SLOTS);
    }

    @Test
    void snapshotFilter() {
        assertThat(object.struct("snapshot_filter"))
                .isEqualTo(Btf.Struct.of(8).with("tgid", 0, 4).with("choice", 4, 4));
    }
}
