/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.Kind;
import dev.ghostfd.metrics.SampleNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeakTotalsTest {
    private final LeakTotals totals = new LeakTotals();

    private static Leak leak(String comm, long cgroup) {
        return new SampleNode()
                .orphanedPipe(1, comm, cgroup, 3, Confidence.CONFIRMED)
                .view()
                .leaks()
                .getFirst();
    }

    private static LeakTotal total(String comm, long cgroup, long detected, long resolved) {
        return new LeakTotal(comm, cgroup, Rule.ORPHANED_PIPE, Kind.PIPE, detected, resolved);
    }

    @Test
    void countsByNameAndCgroup() {
        totals.detected(leak("web", 7));
        totals.detected(leak("web", 7));
        totals.resolved(leak("web", 7));
        totals.detected(leak("web", 8));

        assertThat(totals.list()).containsExactlyInAnyOrder(total("web", 7, 2, 1), total("web", 8, 1, 0));
    }

    @Test
    void tenThousandCgroupsThatCameAndWentTakeABoundedPlaceAndAreStillCounted() {
        int storm = 10_000;
        for (int cgroup = 1; cgroup <= storm; cgroup++) {
            totals.detected(leak("job", cgroup));
            totals.resolved(leak("job", cgroup));
            totals.trim(List.of());
        }

        assertThat(totals.list()).hasSize(LeakTotals.TOLD_APART + 1);
        assertThat(totals.list().stream().mapToLong(LeakTotal::detected).sum()).isEqualTo(storm);
        assertThat(totals.list().stream().mapToLong(LeakTotal::resolved).sum()).isEqualTo(storm);
        assertThat(totals.list())
                .as("the newest are told apart")
                .contains(total("job", storm, 1, 1))
                .filteredOn(LeakTotal::isRemainder)
                .singleElement()
                .isEqualTo(total("", 0, storm - LeakTotals.TOLD_APART, storm - LeakTotals.TOLD_APART));
    }

    @Test
    void keepsWhatHasALeakStanding() {
        Leak standing = leak("old", 1);
        totals.detected(standing);
        for (int cgroup = 2; cgroup <= LeakTotals.TOLD_APART + 10; cgroup++) {
            totals.detected(leak("job", cgroup));
            totals.trim(List.of(standing));
        }

        assertThat(totals.list()).hasSize(LeakTotals.TOLD_APART + 1).contains(total("old", 1, 1, 0));
    }
}
