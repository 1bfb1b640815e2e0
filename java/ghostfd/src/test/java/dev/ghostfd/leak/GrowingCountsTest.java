/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.Kind;
import dev.ghostfd.lifecycle.SimulatedNode;
import dev.ghostfd.lifecycle.SimulatedTask;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Rule growth: which counts it looks at, and what it says of them. Its statistics have tests of their own. */
class GrowingCountsTest {
    private final Watch watch = new Watch();
    private final SimulatedNode node = watch.node;
    private final SimulatedTask agent = watch.started("agent");

    /** One of a kind a second, with a sweep every five, for half as long again as the window. */
    private List<Leak> everySecond(Runnable action) {
        List<Leak> found = List.of();
        for (long second = 0; second < Watch.GROWTH_WINDOW * 3 / 2 / SimulatedNode.SECOND; second++) {
            action.run();
            node.pass(SimulatedNode.SECOND);
            if (second % 5 == 0) {
                found = watch.sweep();
            }
        }
        return found;
    }

    @Test
    void oneFindingForAKindThatRises() {
        List<Leak> found = everySecond(() -> agent.open(Kind.EVENTFD));

        assertThat(found).singleElement().satisfies(leak -> {
            assertThat(leak.rule()).isEqualTo(Rule.GROWTH);
            assertThat(leak.confidence()).isEqualTo(Confidence.SUSPECTED);
            assertThat(leak.kind()).isEqualTo(Kind.EVENTFD);
            assertThat(leak.process().id()).isEqualTo(agent.id());
            assertThat(leak.count()).isGreaterThan(300);
            Leak.Growing growth = leak.growth().orElseThrow();
            assertThat(growth.perMinute()).isCloseTo(60, Offset.offset(6.0));
            double left = 1024 - agent.fds().size();
            assertThat(growth.exhaustionSeconds().orElseThrow()).isCloseTo(left, Offset.offset(left * 0.15));
        });
        assertThat(watch.detector.growth(agent.id())).isPresent();
    }

    @Test
    void oneFindingForEachKind() {
        List<Leak> found = everySecond(() -> {
            agent.open(Kind.EVENTFD);
            agent.open(Kind.TIMERFD);
        });

        assertThat(found).extracting(Leak::kind).containsExactlyInAnyOrder(Kind.EVENTFD, Kind.TIMERFD);
    }

    @Test
    void leavesOutWhatAnotherRuleReports() {
        SimulatedTask[] child = new SimulatedTask[1];

        List<Leak> found = everySecond(() -> {
            Watch.spawnWithOutput(agent, child);
            child[0].exitAndBeReaped(0);
        });

        assertThat(found).hasSizeGreaterThan(300).allMatch(leak -> leak.rule() == Rule.ORPHANED_PIPE);
        assertThat(watch.total(Rule.GROWTH)).isEmpty();
    }

    @Test
    void countsOnlyWhatNoOtherRuleReports() {
        SimulatedTask[] child = new SimulatedTask[1];

        List<Leak> found = everySecond(() -> {
            if (agent.fds().size() % 8 < 2) {
                Watch.spawnWithOutput(agent, child);
                child[0].exitAndBeReaped(0);
            }
            agent.pipe();
        });

        long orphaned =
                found.stream().filter(leak -> leak.rule() == Rule.ORPHANED_PIPE).count();
        Leak growth = found.stream()
                .filter(leak -> leak.rule() == Rule.GROWTH)
                .findFirst()
                .orElseThrow();
        assertThat(orphaned).isGreaterThan(50);
        assertThat(growth.count() + orphaned)
                .isGreaterThan(600)
                .isLessThanOrEqualTo(agent.fds().size());
    }

    @Test
    void zombiesAreNoDescriptors() {
        List<Leak> found = everySecond(() -> agent.fork().exit(0));

        assertThat(found).allMatch(leak -> leak.rule() == Rule.UNREAPED_CHILD);
    }

    @Test
    void aTableSharedByProcessesGrowsOnce() {
        SimulatedTask sharer = agent.forkSharingTable();

        List<Leak> found = everySecond(() -> sharer.open(Kind.EVENTFD));

        assertThat(found)
                .singleElement()
                .satisfies(leak -> assertThat(leak.process().id()).isEqualTo(agent.id()));
    }

    @Test
    void resolvesSoonAfterItStops() {
        assertThat(everySecond(() -> agent.open(Kind.EVENTFD))).hasSize(1);

        assertThat(watch.sweepFor(Watch.GROWTH_WINDOW)).isEmpty();
    }

    @Test
    void leavesAProgramThatOpensAndCloses() {
        List<Leak> found = everySecond(() -> agent.close(agent.open(Kind.FILE)));

        assertThat(found).isEmpty();
    }

    @Test
    void anotherProgramInTheSameProcessStartsAnew() {
        everySecond(() -> agent.open(Kind.EVENTFD));
        agent.exec("other");

        assertThat(watch.sweep()).isEmpty();
    }
}
