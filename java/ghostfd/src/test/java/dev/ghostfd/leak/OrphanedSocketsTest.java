/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;
import dev.ghostfd.lifecycle.SimulatedNode;
import dev.ghostfd.lifecycle.SimulatedTask;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule orphaned-socket. */
class OrphanedSocketsTest {
    private final Watch watch = new Watch();
    private final SimulatedNode node = watch.node;
    private final SimulatedTask agent = watch.started("agent");

    /** A worker that has one end as its number 3, and is the only one to have it. */
    private SimulatedTask worker(SimulatedTask.Sockets pair) {
        SimulatedTask worker = agent.fork();
        worker.close(pair.one());
        worker.exec("worker");
        agent.close(pair.other());
        return worker;
    }

    @Test
    void flagsTheEndWhoseOtherSideExitedWithTheWorker() {
        SimulatedTask.Sockets pair = agent.socketpair();
        SimulatedTask worker = worker(pair);
        worker.exitAndBeReaped(1);

        assertThat(watch.sweepForGrace()).singleElement().satisfies(leak -> {
            assertThat(leak.rule()).isEqualTo(Rule.ORPHANED_SOCKET);
            assertThat(leak.confidence()).isEqualTo(Confidence.CONFIRMED);
            assertThat(leak.kind()).isEqualTo(Kind.SOCKET);
            assertThat(leak.process().id()).isEqualTo(agent.id());
            assertThat(leak.descriptor().orElseThrow().view().fd()).isEqualTo(pair.one());
            assertThat(leak.child().orElseThrow().id()).isEqualTo(worker.id());
        });
    }

    @Test
    void eitherEndMayBeTheParents() {
        SimulatedTask.Sockets pair = agent.socketpair();
        SimulatedTask worker = agent.fork();
        worker.close(pair.other());
        agent.close(pair.one());
        worker.exitAndBeReaped(0);

        assertThat(watch.sweepForGrace())
                .singleElement()
                .satisfies(leak ->
                        assertThat(leak.descriptor().orElseThrow().view().fd()).isEqualTo(pair.other()));
    }

    @Test
    void unreadBytesThatNobodyTouchesAreOnlySuspicious() {
        SimulatedTask.Sockets pair = agent.socketpair();
        worker(pair).exitAndBeReaped(0);
        node.content(pair.inode(), 12, 0);

        List<Leak> found = watch.sweepFor(2 * Watch.GRACE);

        assertThat(found).extracting(Leak::confidence).containsExactly(Confidence.SUSPECTED);
    }

    @Test
    void leavesAWorkerThatRuns() {
        worker(agent.socketpair());

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void leavesAnEndThatWasSentToAnother() {
        SimulatedTask keeper = watch.started("keeper");
        SimulatedTask.Sockets pair = agent.socketpair();
        keeper.receive(agent, pair.other());
        worker(pair).exitAndBeReaped(0);

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void leavesAClientWhoseServerHasClosed() {
        int flags = Flags.READ | Flags.WRITE;
        SimulatedTask.Sockets pair = agent.socketpair();
        agent.close(pair.one(), pair.other());
        agent.open(Kind.SOCKET, flags, pair.inode());
        agent.fork().exitAndBeReaped(0);

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void leavesAPairThatNoChildEverHad() {
        agent.close(agent.socketpair().other());
        agent.fork().exitAndBeReaped(0);

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }

    @Test
    void resolvesWhenTheEndIsClosed() {
        SimulatedTask.Sockets pair = agent.socketpair();
        worker(pair).exitAndBeReaped(0);
        assertThat(watch.sweepForGrace()).hasSize(1);

        agent.close(pair.one());

        assertThat(watch.sweep()).isEmpty();
        assertThat(watch.total(Rule.ORPHANED_SOCKET).orElseThrow().resolved()).isEqualTo(1);
    }

    @Test
    void aPairThatOnlyASnapshotShowedHasItsStoryFromThenOn() {
        SimulatedTask old = watch.running("old");
        SimulatedTask.Sockets[] pair = new SimulatedTask.Sockets[1];
        SimulatedTask[] worker = new SimulatedTask[1];
        node.unseen(() -> {
            pair[0] = old.socketpair();
            worker[0] = old.fork();
            worker[0].close(pair[0].one());
            old.close(pair[0].other());
        });
        watch.baseline();
        worker[0].exitAndBeReaped(0);

        assertThat(watch.sweepForGrace()).singleElement().satisfies(leak -> {
            assertThat(leak.rule()).isEqualTo(Rule.ORPHANED_SOCKET);
            assertThat(leak.process().id()).isEqualTo(old.id());
        });
    }
}
