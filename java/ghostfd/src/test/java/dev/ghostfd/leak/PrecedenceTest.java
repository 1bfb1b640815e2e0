/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.Kind;
import dev.ghostfd.lifecycle.SimulatedNode;
import dev.ghostfd.lifecycle.SimulatedTask;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A descriptor for which several rules hold is reported under the first of them only. */
class PrecedenceTest {
    private final Watch watch = new Watch();
    private final SimulatedNode node = watch.node;
    private final SimulatedTask agent = watch.started("agent");

    @Test
    void anOrphanThatAChildReceivedIsAnOrphan() {
        SimulatedTask.Ends pipe = agent.pipe();
        SimulatedTask reader = agent.fork();
        reader.dup2(pipe.read(), 0);
        reader.closeRange(3, -1);
        reader.exec("reader");
        SimulatedTask writer = Watch.spawnWriter(agent, pipe);
        agent.close(pipe.read());
        writer.exitAndBeReaped(0);
        node.pass(Watch.GRACE);
        assertThat(watch.sweepForGrace()).extracting(Leak::rule).containsExactly(Rule.OUTLIVES_CHILD);

        reader.exitAndBeReaped(0);
        List<Leak> found = watch.sweepForGrace();

        assertThat(found).extracting(Leak::rule).containsExactly(Rule.ORPHANED_PIPE);
        assertThat(watch.total(Rule.OUTLIVES_CHILD).orElseThrow().resolved()).isEqualTo(1);
    }

    @Test
    void anOrphanedSocketThatAChildReceivedIsAnOrphan() {
        SimulatedTask.Sockets pair = agent.socketpair();
        SimulatedTask worker = agent.fork();
        worker.close(pair.one());
        SimulatedTask other = agent.fork();
        other.dup2(pair.one(), 1);
        other.closeRange(3, -1);
        other.exec("other");
        agent.close(pair.other());
        worker.exitAndBeReaped(0);
        other.exitAndBeReaped(0);

        assertThat(watch.sweepForGrace()).extracting(Leak::rule).containsExactly(Rule.ORPHANED_SOCKET);
    }

    @Test
    void everyLeakOfOneChildIsReportedOnce() {
        SimulatedTask[] child = new SimulatedTask[1];
        SimulatedTask.Ends pipe = Watch.spawnWithOutput(agent, child);
        int pidfd = agent.pidfd(child[0]);
        child[0].exit(0);

        List<Leak> found = watch.sweepForGrace();

        assertThat(found)
                .extracting(Leak::rule)
                .containsExactlyInAnyOrder(Rule.ORPHANED_PIPE, Rule.DEAD_PIDFD, Rule.UNREAPED_CHILD);
        assertThat(found)
                .filteredOn(leak -> leak.kind() != Kind.PROCESS)
                .extracting(leak -> leak.descriptor().orElseThrow().view().fd())
                .containsExactlyInAnyOrder(pipe.read(), pidfd);
    }
}
