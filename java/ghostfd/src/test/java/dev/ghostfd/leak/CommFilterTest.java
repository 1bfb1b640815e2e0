/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.Kind;
import dev.ghostfd.lifecycle.ProcessView;
import dev.ghostfd.metrics.SampleNode;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CommFilterTest {
    private static final NodeView NODE = new SampleNode()
            .process(1, "kworker-ish", 0, 10, 100)
            .process(2, "web", 0, 10, 100)
            .orphanedPipe(1, "kworker-ish", 0, 3, Confidence.CONFIRMED)
            .orphanedPipe(2, "web", 0, 4, Confidence.CONFIRMED)
            .total("kworker-ish", 0, Rule.ORPHANED_PIPE, Kind.PIPE, 3, 2)
            .total("web", 0, Rule.ORPHANED_PIPE, Kind.PIPE, 1, 0)
            .total("", 0, Rule.ORPHANED_PIPE, Kind.PIPE, 7, 7)
            .view();

    private static CommFilter excluding(String... patterns) {
        return new CommFilter(List.of(patterns).stream().map(Pattern::compile).toList());
    }

    @Test
    void leavesFindingsTotalsAndProcessesOut() {
        NodeView shown = excluding("kworker.*").apply(NODE);

        assertThat(shown.processes()).extracting(ProcessView::comm).containsExactly("web");
        assertThat(shown.leaks()).extracting(leak -> leak.process().comm()).containsExactly("web");
        assertThat(shown.totals()).extracting(LeakTotal::comm).containsExactly("web");
        assertThat(shown.status()).isEqualTo(NODE.status());
    }

    @Test
    void aPatternMatchesTheWholeName() {
        assertThat(excluding("we", "worker").apply(NODE).processes()).hasSize(2);
    }

    @Test
    void eachOfSeveralPatternsExcludes() {
        assertThat(excluding("kworker-ish", "w..").apply(NODE).processes()).isEmpty();
    }

    @Test
    void withoutPatternsTheViewIsPassedOn() {
        assertThat(excluding().apply(NODE)).isSameAs(NODE);
    }
}
