/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.lifecycle.SimulatedTask;
import org.junit.jupiter.api.Test;

/** Rule stray-inherited. */
class StrayEndsTest {
    private final Watch watch = new Watch();
    private final SimulatedTask agent = watch.started("agent");
    private final SimulatedTask maker = agent.fork();

    /** The maker makes a pipe, has a stranger started while it is open, and gives it to a child as stdout. */
    private SimulatedTask[] pipeWithAStranger() {
        SimulatedTask.Ends pipe = maker.pipe();
        SimulatedTask stranger = maker.fork();
        stranger.exec("stranger");
        SimulatedTask child = Watch.spawnWriter(maker, pipe);
        maker.close(pipe.write());
        return new SimulatedTask[] {stranger, child};
    }

    @Test
    void flagsTheEndsThatAStrangerWasLeftWith() {
        SimulatedTask[] both = pipeWithAStranger();
        both[1].exitAndBeReaped(0);
        maker.exitAndBeReaped(0);

        assertThat(watch.sweepForGrace()).hasSize(2).allSatisfy(leak -> {
            assertThat(leak.rule()).isEqualTo(Rule.STRAY_INHERITED);
            assertThat(leak.confidence()).isEqualTo(Confidence.SUSPECTED);
            assertThat(leak.process().id()).isEqualTo(both[0].id());
            assertThat(leak.child().orElseThrow().id()).isEqualTo(both[1].id());
        });
    }

    @Test
    void resolvesWhenTheStrangerClosesThem() {
        SimulatedTask[] both = pipeWithAStranger();
        both[1].exitAndBeReaped(0);
        maker.exitAndBeReaped(0);
        assertThat(watch.sweepForGrace()).hasSize(2);

        both[0].closeRange(3, -1);

        assertThat(watch.sweep()).isEmpty();
    }

    @Test
    void leavesThemWhileTheMakerHoldsAnEnd() {
        SimulatedTask[] both = pipeWithAStranger();
        both[1].exitAndBeReaped(0);

        assertThat(watch.sweepFor(3 * Watch.GRACE)).noneMatch(leak -> leak.rule() == Rule.STRAY_INHERITED);
    }

    @Test
    void leavesThemWhileTheChildTheyWereMadeForRuns() {
        pipeWithAStranger();
        maker.exitAndBeReaped(0);

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void leavesAJobserverThatIsMeantToBeInherited() {
        maker.pipe();
        for (int i = 0; i < 3; i++) {
            SimulatedTask submake = maker.fork();
            submake.exec("make");
            submake.exitAndBeReaped(0);
        }
        maker.fork().exec("make");
        maker.exitAndBeReaped(0);

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void leavesThePipeOfAPipelineWhoseShellHasGone() {
        SimulatedTask.Ends pipe = maker.pipe();
        SimulatedTask producer = Watch.spawnWriter(maker, pipe);
        SimulatedTask consumer = maker.fork();
        consumer.dup2(pipe.read(), 0);
        consumer.exec("consumer", pipe.write());
        maker.close(pipe.read(), pipe.write());
        producer.exitAndBeReaped(0);
        maker.exitAndBeReaped(0);

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void leavesAForkThatGoesOnAsItsMaker() {
        SimulatedTask.Ends pipe = maker.pipe();
        SimulatedTask daemon = maker.fork();
        SimulatedTask child = Watch.spawnWriter(maker, pipe);
        child.exitAndBeReaped(0);
        maker.exitAndBeReaped(0);
        assertThat(daemon.fds()).contains(pipe.read(), pipe.write());

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }
}
