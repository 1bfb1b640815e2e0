/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.Kind;
import dev.ghostfd.lifecycle.End;
import dev.ghostfd.lifecycle.SimulatedNode;
import dev.ghostfd.lifecycle.SimulatedTask;
import org.junit.jupiter.api.Test;

/** Rule orphaned-pty. */
class OrphanedPtysTest {
    private final Watch watch = new Watch();
    private final SimulatedTask agent = watch.started("agent");
    private final int master = agent.ptmx();

    /** A shell on the terminal side, as forkpty starts one. */
    private SimulatedTask shell() {
        SimulatedTask shell = agent.fork();
        int terminal = shell.openTerminal(master);
        for (int fd = 0; fd <= 2; fd++) {
            shell.dup2(terminal, fd);
        }
        shell.closeRange(3, -1);
        shell.exec("shell");
        return shell;
    }

    @Test
    void flagsTheMasterOfATerminalThatIsClosedEverywhere() {
        shell().exitAndBeReaped(0);

        assertThat(watch.sweepForGrace()).singleElement().satisfies(leak -> {
            assertThat(leak.rule()).isEqualTo(Rule.ORPHANED_PTY);
            assertThat(leak.confidence()).isEqualTo(Confidence.CONFIRMED);
            assertThat(leak.kind()).isEqualTo(Kind.PTY);
            assertThat(leak.process().id()).isEqualTo(agent.id());
            assertThat(leak.descriptor().orElseThrow().view().fd()).isEqualTo(master);
            assertThat(leak.descriptor().orElseThrow().view().end()).isEqualTo(End.MASTER);
        });
    }

    @Test
    void everyMasterIsALeakOfItsOwn() {
        shell().exitAndBeReaped(0);
        int second = agent.ptmx();
        int terminal = agent.openTerminal(second);
        agent.close(terminal);

        assertThat(watch.sweepForGrace())
                .extracting(leak -> leak.descriptor().orElseThrow().view().fd())
                .containsExactlyInAnyOrder(master, second);
    }

    @Test
    void leavesAMasterBeforeTheFirstOpen() {
        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void leavesATerminalWithALiveShell() {
        shell();

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void leavesATerminalThatAJobOfTheShellStillHas() {
        SimulatedTask shell = shell();
        SimulatedTask job = shell.fork();
        job.exec("job");
        shell.exitAndBeReaped(0);

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void leavesATerminalThatIsOpenedAgainWithinTheGrace() {
        for (int session = 0; session < 5; session++) {
            SimulatedTask shell = shell();
            watch.sweepFor(10 * SimulatedNode.SECOND);
            shell.exitAndBeReaped(0);
            assertThat(watch.sweepFor(20 * SimulatedNode.SECOND)).isEmpty();
        }
        assertThat(watch.detector.totals()).isEmpty();
    }

    @Test
    void resolvesWhenTheTerminalIsOpenedAgain() {
        shell().exitAndBeReaped(0);
        assertThat(watch.sweepForGrace()).hasSize(1);

        shell();

        assertThat(watch.sweep()).isEmpty();
    }

    @Test
    void resolvesWhenTheMasterIsClosed() {
        shell().exitAndBeReaped(0);
        assertThat(watch.sweepForGrace()).hasSize(1);

        agent.close(master);

        assertThat(watch.sweep()).isEmpty();
    }
}
