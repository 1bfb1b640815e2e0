/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.Kind;
import dev.ghostfd.lifecycle.SimulatedNode;
import dev.ghostfd.lifecycle.SimulatedTask;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule inherited-pipe. */
class InheritedPipesTest {
    private final Watch watch = new Watch();
    private final SimulatedNode node = watch.node;
    private final SimulatedTask agent = watch.started("agent");
    private final SimulatedTask[] child = new SimulatedTask[1];

    @Test
    void flagsTheReaderWhoseGrandchildKeptStdout() {
        SimulatedTask.Ends pipe = Watch.spawnWithOutput(agent, child);
        SimulatedTask grandchild = child[0].fork();
        grandchild.exec("sleep");
        child[0].exitAndBeReaped(0);

        assertThat(watch.sweepForGrace()).singleElement().satisfies(leak -> {
            assertThat(leak.rule()).isEqualTo(Rule.INHERITED_PIPE);
            assertThat(leak.confidence()).isEqualTo(Confidence.SUSPECTED);
            assertThat(leak.process().id()).isEqualTo(agent.id());
            assertThat(leak.descriptor().orElseThrow().view().fd()).isEqualTo(pipe.read());
            assertThat(leak.child().orElseThrow().id()).isEqualTo(child[0].id());
            assertThat(leak.peer().orElseThrow().holders())
                    .containsExactly(new Leak.PeerHolder(grandchild.pid(), "sleep", 1, "descendant"));
        });
    }

    @Test
    void namesASiblingThatWasLeftWithIt() {
        SimulatedTask.Ends pipe = agent.pipe();
        SimulatedTask sibling = agent.fork();
        sibling.exec("daemon");
        child[0] = Watch.spawnWriter(agent, pipe);
        agent.close(pipe.write());
        child[0].exitAndBeReaped(0);

        List<Leak> found = watch.sweepForGrace();

        assertThat(found).singleElement().satisfies(leak -> {
            assertThat(leak.rule()).isEqualTo(Rule.INHERITED_PIPE);
            assertThat(leak.peer().orElseThrow().holders())
                    .containsExactly(new Leak.PeerHolder(sibling.pid(), "daemon", pipe.write(), "sibling"));
        });
    }

    @Test
    void flagsASocketpairToo() {
        SimulatedTask.Sockets pair = agent.socketpair();
        SimulatedTask shell = agent.fork();
        shell.dup2(pair.other(), 1);
        shell.closeRange(3, -1);
        shell.exec("shell");
        agent.close(pair.other());
        shell.fork().exec("sleep");
        shell.exitAndBeReaped(0);

        assertThat(watch.sweepForGrace()).singleElement().satisfies(leak -> {
            assertThat(leak.rule()).isEqualTo(Rule.INHERITED_PIPE);
            assertThat(leak.kind()).isEqualTo(Kind.SOCKET);
            assertThat(leak.descriptor().orElseThrow().view().fd()).isEqualTo(pair.one());
        });
    }

    @Test
    void turnsIntoAnOrphanWhenTheLastKeeperExits() {
        Watch.spawnWithOutput(agent, child);
        SimulatedTask grandchild = child[0].fork();
        child[0].exitAndBeReaped(0);
        assertThat(watch.sweepForGrace()).extracting(Leak::rule).containsExactly(Rule.INHERITED_PIPE);

        grandchild.exitAndBeReaped(0);

        assertThat(watch.sweep()).isEmpty();
        assertThat(watch.sweepForGrace()).extracting(Leak::rule).containsExactly(Rule.ORPHANED_PIPE);
    }

    @Test
    void resolvesWhenTheReaderGivesUp() {
        SimulatedTask.Ends pipe = Watch.spawnWithOutput(agent, child);
        child[0].fork();
        child[0].exitAndBeReaped(0);
        assertThat(watch.sweepForGrace()).hasSize(1);

        agent.close(pipe.read());

        assertThat(watch.sweep()).isEmpty();
    }

    @Test
    void leavesAChildThatRuns() {
        Watch.spawnWithOutput(agent, child);
        child[0].fork();

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void leavesALivePipeline() {
        SimulatedTask.Ends pipe = agent.pipe();
        SimulatedTask producer = Watch.spawnWriter(agent, pipe);
        SimulatedTask worker = producer.fork();
        worker.exec("worker");
        SimulatedTask consumer = agent.fork();
        consumer.dup2(pipe.read(), 0);
        consumer.closeRange(3, -1);
        consumer.exec("consumer");
        agent.close(pipe.read(), pipe.write());
        producer.exitAndBeReaped(0);

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void leavesAPipeThatASupervisorGivesToTheNextChildAsWell() {
        SimulatedTask.Ends pipe = agent.pipe();
        Watch.spawnWriter(agent, pipe).exitAndBeReaped(1);
        Watch.spawnWriter(agent, pipe);
        agent.close(pipe.write());

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void leavesAWriterThatKeepsTalking() {
        SimulatedTask.Ends pipe = Watch.spawnWithOutput(agent, child);
        child[0].fork().exec("worker");
        child[0].exitAndBeReaped(0);

        for (int read = 0; read < 30; read++) {
            node.content(pipe.inode(), 10, read);
            assertThat(watch.sweep()).isEmpty();
            node.pass(5 * SimulatedNode.SECOND);
        }
    }

    @Test
    void leavesAMakerThatOnlyWrites() {
        SimulatedTask.Ends pipe = agent.pipe();
        child[0] = agent.fork();
        child[0].dup2(pipe.read(), 0);
        child[0].closeRange(3, -1);
        child[0].exec("filter");
        agent.close(pipe.read());
        child[0].fork().exec("worker");
        child[0].exitAndBeReaped(0);

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void leavesAnEndThatWasSentToAStranger() {
        SimulatedTask stranger = watch.started("stranger");
        SimulatedTask.Ends pipe = agent.pipe();
        stranger.receive(agent, pipe.write());
        child[0] = Watch.spawnWriter(agent, pipe);
        agent.close(pipe.write());
        child[0].exitAndBeReaped(0);

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void leavesALifelineThatSeveralChildrenAreMeantToHold() {
        SimulatedTask.Ends lifeline = agent.pipe();
        SimulatedTask first = agent.fork();
        first.exec("worker");
        agent.fork().exec("worker");
        agent.close(lifeline.write());
        first.exitAndBeReaped(0);

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }
}
