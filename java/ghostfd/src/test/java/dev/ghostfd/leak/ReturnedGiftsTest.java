/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;
import dev.ghostfd.lifecycle.SimulatedTask;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule outlives-child. */
class ReturnedGiftsTest {
    private final Watch watch = new Watch();
    private final SimulatedTask agent = watch.started("agent");

    /** A child that gets this descriptor as its standard output, and none above it. */
    private static SimulatedTask childWritingTo(SimulatedTask parent, int fd) {
        SimulatedTask child = parent.fork();
        child.dup2(fd, 1);
        child.closeRange(3, -1);
        child.exec("child");
        return child;
    }

    @Test
    void flagsTheParentsCopyOfItsOnlyChildsOutput() {
        int output = agent.open(Kind.FILE);
        SimulatedTask child = childWritingTo(agent, output);
        child.exitAndBeReaped(3);

        assertThat(watch.sweepForGrace()).singleElement().satisfies(leak -> {
            assertThat(leak.rule()).isEqualTo(Rule.OUTLIVES_CHILD);
            assertThat(leak.confidence()).isEqualTo(Confidence.SUSPECTED);
            assertThat(leak.kind()).isEqualTo(Kind.FILE);
            assertThat(leak.process().id()).isEqualTo(agent.id());
            assertThat(leak.descriptor().orElseThrow().view().fd()).isEqualTo(output);
            assertThat(leak.child().orElseThrow().id()).isEqualTo(child.id());
            assertThat(leak.child().orElseThrow().exit().orElseThrow().code()).isEqualTo(3);
        });
    }

    @Test
    void flagsTheWriteEndThatKeepsItsOwnReaderWaiting() {
        SimulatedTask.Ends pipe = agent.pipe();
        childWritingTo(agent, pipe.write()).exitAndBeReaped(0);

        assertThat(watch.sweepForGrace()).singleElement().satisfies(leak -> {
            assertThat(leak.rule()).isEqualTo(Rule.OUTLIVES_CHILD);
            assertThat(leak.descriptor().orElseThrow().view().fd()).isEqualTo(pipe.write());
            assertThat(leak.peer()).contains(new Leak.Peer(1, 1, 0, List.of()));
        });
    }

    @Test
    void flagsTheTerminalSideThatTheParentOpenedForItsChild() {
        int terminal = agent.openTerminal(agent.ptmx());
        childWritingTo(agent, terminal).exitAndBeReaped(0);

        assertThat(watch.sweepForGrace()).singleElement().satisfies(leak -> {
            assertThat(leak.rule()).isEqualTo(Rule.OUTLIVES_CHILD);
            assertThat(leak.kind()).isEqualTo(Kind.PTY);
            assertThat(leak.descriptor().orElseThrow().view().fd()).isEqualTo(terminal);
        });
    }

    @Test
    void leavesAFileThatAChildStillWritesTo() {
        childWritingTo(agent, agent.open(Kind.FILE));

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void leavesALogThatIsGivenToManyChildren() {
        int log = agent.open(Kind.FILE);
        for (int i = 0; i < 3; i++) {
            childWritingTo(agent, log).exitAndBeReaped(0);
        }

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void leavesASupervisorsPipeThatALaterChildUses() {
        SimulatedTask.Ends pipe = agent.pipe();
        childWritingTo(agent, pipe.write()).exitAndBeReaped(1);
        childWritingTo(agent, pipe.write());

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void resolvesWhenALaterChildGetsItAsWell() {
        SimulatedTask.Ends pipe = agent.pipe();
        childWritingTo(agent, pipe.write()).exitAndBeReaped(1);
        assertThat(watch.sweepForGrace()).hasSize(1);

        childWritingTo(agent, pipe.write());

        assertThat(watch.sweep()).isEmpty();
    }

    @Test
    void leavesAStandInForStdinThatWasDeadWhenItWasGiven() {
        SimulatedTask.Ends pipe = agent.pipe();
        agent.close(pipe.write());
        SimulatedTask child = agent.fork();
        child.dup2(pipe.read(), 0);
        child.closeRange(3, -1);
        child.exec("compiler");
        child.exitAndBeReaped(0);

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void leavesWhatAnotherProcessHasAsWell() {
        SimulatedTask keeper = watch.started("keeper");
        int output = agent.open(Kind.FILE);
        keeper.receive(agent, output);
        childWritingTo(agent, output).exitAndBeReaped(0);

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void leavesACopyOfTheParentsOwnOutput() {
        agent.dup2(1, 10);
        SimulatedTask child = agent.fork();
        child.exec("child", 10);
        child.exitAndBeReaped(0);

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void leavesWhatTheParentReceivedItself() {
        SimulatedTask shell = agent.fork();
        shell.open(Kind.FILE, Flags.WRITE, 77);
        shell.dup2(3, 1);
        shell.exec("make", 3);
        shell.dup2(1, 10);
        childWritingTo(shell, 10).exitAndBeReaped(0);

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void leavesWhatIsOpenedAfterTheChildHasGone() {
        SimulatedTask.Ends pipe = Watch.spawnWithOutput(agent, new SimulatedTask[1]);
        agent.close(pipe.read());
        agent.open(Kind.FILE);

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void leavesWhatTheParentClosedRightAfterTheStart() {
        int output = agent.open(Kind.FILE);
        SimulatedTask child = childWritingTo(agent, output);
        agent.close(output);
        child.exitAndBeReaped(0);

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
        assertThat(watch.detector.totals()).isEmpty();
    }

    @Test
    void resolvesWhenTheParentCloses() {
        int output = agent.open(Kind.FILE);
        childWritingTo(agent, output).exitAndBeReaped(0);
        assertThat(watch.sweepForGrace()).hasSize(1);

        agent.close(output);

        assertThat(watch.sweep()).isEmpty();
    }

    @Test
    void aTableSharedByProcessesIsReportedOnceForTheOldest() {
        agent.forkSharingTable();
        childWritingTo(agent, agent.open(Kind.FILE)).exitAndBeReaped(0);

        assertThat(watch.sweepForGrace())
                .singleElement()
                .satisfies(leak -> assertThat(leak.process().id()).isEqualTo(agent.id()));
    }
}
