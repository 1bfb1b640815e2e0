/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** No number of descriptors is too large: not in one process, not on the node. */
class ManyDescriptorsIT {
    private static final int MANY = 19_000;
    private static final Duration LAG = Duration.ofSeconds(20);

    /** What scripts/memory measures with a million: here with fewer, so that what is constant weighs more. */
    @Test
    void followsOneProcessWithNineteenThousand() {
        try (Program holder = holder(1)) {
            int pid = pids(holder).getFirst();
            try (Daemon daemon = Daemon.watching(holder, "--sweep-interval=1s")) {
                int before = Tables.ofKernel(pid, pid).size();
                holder.ask("hold " + MANY, "HELD");
                assertThat(Tables.ofKernel(pid, pid)).hasSize(before + MANY);
                assertSame(daemon, pid);
                holder.ask("drop", "DROPPED");
                assertSame(daemon, pid);
                assertThat(daemon.lost()).isZero();
                assertThat(daemon.status().required("repairs")).isEmpty();
            }
        }
    }

    @Test
    void findsThemWhenTheyAreThereBeforeIt() {
        try (Program holder = holder(1)) {
            int pid = pids(holder).getFirst();
            holder.ask("hold " + MANY, "HELD");
            try (Daemon daemon = Daemon.watching(holder, "--sweep-interval=1s")) {
                assertSame(daemon, pid);
                holder.ask("drop", "DROPPED");
                assertSame(daemon, pid);
                assertThat(daemon.lost()).isZero();
            }
        }
    }

    private static Program holder(int processes) {
        return Program.start(List.of(Programs.compile("holder").toString(), Integer.toString(processes)));
    }

    private static List<Integer> pids(Program holder) {
        return Arrays.stream(holder.ask("pids", "PIDS").split(" ", -1))
                .skip(1)
                .map(Integer::valueOf)
                .toList();
    }

    private static void assertSame(Daemon daemon, int pid) {
        var kernel = Tables.ofKernel(pid, pid);
        await().atMost(LAG)
                .untilAsserted(
                        () -> assertThat(Tables.ofAnswer(daemon.process(pid).orElseThrow())
                                        .equals(kernel))
                                .isTrue());
    }
}
