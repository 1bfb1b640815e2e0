/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.Kind;
import dev.ghostfd.lifecycle.SimulatedNode;
import dev.ghostfd.lifecycle.SimulatedTask;
import org.junit.jupiter.api.Test;

/** Rule dead-pidfd. */
class DeadPidfdsTest {
    private final Watch watch = new Watch();
    private final SimulatedNode node = watch.node;
    private final SimulatedTask agent = watch.started("agent");
    private final SimulatedTask child = agent.fork();
    private final int pidfd = agent.pidfd(child);

    @Test
    void flagsAPidfdWhoseProcessHasExited() {
        child.exitAndBeReaped(4);

        assertThat(watch.sweepForGrace()).singleElement().satisfies(leak -> {
            assertThat(leak.rule()).isEqualTo(Rule.DEAD_PIDFD);
            assertThat(leak.confidence()).isEqualTo(Confidence.CONFIRMED);
            assertThat(leak.kind()).isEqualTo(Kind.PIDFD);
            assertThat(leak.process().id()).isEqualTo(agent.id());
            assertThat(leak.descriptor().orElseThrow().view().fd()).isEqualTo(pidfd);
            assertThat(leak.child().orElseThrow().exit().orElseThrow().code()).isEqualTo(4);
            assertThat(leak.firstSeen())
                    .isEqualTo(leak.child().orElseThrow().exitedAt().orElseThrow());
        });
    }

    @Test
    void flagsThePidfdOfAStrangerToo() {
        SimulatedTask stranger = watch.started("stranger");
        int other = agent.pidfd(stranger);
        stranger.exitAndBeReaped(0);

        assertThat(watch.sweepForGrace()).singleElement().satisfies(leak -> {
            assertThat(leak.descriptor().orElseThrow().view().fd()).isEqualTo(other);
            assertThat(leak.child()).isEmpty();
        });
    }

    @Test
    void waitsForTheGraceAfterTheExit() {
        child.exitAndBeReaped(0);
        node.pass(Watch.GRACE - SimulatedNode.SECOND);
        assertThat(watch.sweep()).isEmpty();
        node.pass(2 * SimulatedNode.SECOND);
        assertThat(watch.sweep()).hasSize(1);
    }

    @Test
    void leavesAPidfdWhoseProcessRuns() {
        child.exec("long");

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void leavesAPidfdThatIsClosedAfterTheWait() {
        child.exitAndBeReaped(0);
        assertThat(watch.sweep()).isEmpty();
        agent.close(pidfd);

        assertThat(watch.sweepFor(2 * Watch.GRACE)).isEmpty();
        assertThat(watch.detector.totals()).isEmpty();
    }

    @Test
    void resolvesWhenItIsClosed() {
        child.exitAndBeReaped(0);
        assertThat(watch.sweepForGrace()).hasSize(1);

        agent.close(pidfd);

        assertThat(watch.sweep()).isEmpty();
    }

    @Test
    void aPidfdOfANewProcessUnderTheSameNumberStartsAnew() {
        child.exitAndBeReaped(0);
        assertThat(watch.sweepForGrace()).hasSize(1);
        agent.close(pidfd);
        SimulatedTask next = agent.fork();
        assertThat(agent.pidfd(next)).isEqualTo(pidfd);
        next.exitAndBeReaped(0);

        assertThat(watch.sweep()).isEmpty();
        assertThat(watch.sweepForGrace()).hasSize(1);
    }
}
