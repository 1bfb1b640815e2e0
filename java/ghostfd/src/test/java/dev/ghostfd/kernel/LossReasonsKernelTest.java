/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.btf.Btf;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LossReasonsKernelTest {
    @Test
    void everyReasonOfTheKernelSideHasItsLabel() {
        Map<String, Integer> reasons = Btf.ofGhostfd().values("lost_reason");
        assertThat(reasons.remove("LOST_REASONS")).isEqualTo(LossCounters.SLOTS);

        assertThat(reasons.values()).doesNotHaveDuplicates().hasSameSizeAs(LossCounters.REASONS);
        reasons.forEach((name, code) -> assertThat(LossCounters.REASONS.get(code))
                .endsWith(name.substring("LOST_".length()).toLowerCase(Locale.ROOT)));
    }
}
