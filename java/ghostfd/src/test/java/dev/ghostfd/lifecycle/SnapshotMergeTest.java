/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.Kind;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a snapshot adds to what is known, and what it leaves alone. */
class SnapshotMergeTest {
    private final Known known = new Known();
    private final SimulatedNode node = known.node;
    private final Tracker tracker = known.tracker;
    private final SimulatedTask init = node.running("init", 1, 0);

    @Test
    void theBaselineBuildsTablesAndFamilies() {
        SimulatedTask server = node.running("server", 20, 1);
        SimulatedTask worker = node.running("worker", 21, 20);
        node.unseen(() -> {
            init.open(Kind.DEVICE);
            server.pipe();
            worker.open(Kind.SOCKET);
            worker.forkSharingTable();
        });

        known.baseline();

        known.equalsTheKernel();
        assertThat(known.descriptor(worker, 0).origin()).isEqualTo(Origin.BEFORE_START);
        assertThat(known.descriptor(worker, 0).openedAt()).isEmpty();
        assertThat(known.process(worker).descendsFrom(known.process(init))).isTrue();
        assertThat(tracker.children(known.process(server)))
                .extracting(ChildView::id)
                .containsExactly(worker.id());
        assertThat(tracker.owner(worker.table())).contains(known.process(worker));
        for (Kind kind : Kind.values()) {
            assertThat(tracker.merge().repairs(kind)).isZero();
        }
    }

    @Test
    void whatNoEventTellsComesFromTheTask() {
        SimulatedTask server = known.started("server");

        ProcessView view = tracker.view(known.process(server), 2, 1, OptionalDouble.empty(), OptionalDouble.of(60));

        assertThat(view.comm()).isEqualTo("server");
        assertThat(view.softLimit()).isEqualTo(1024);
        assertThat(view.hardLimit()).isEqualTo(4096);
        assertThat(view.cgroup()).isEqualTo(1);
        assertThat(view.leaked()).isEqualTo(2);
        assertThat(view.unreapedChildren()).isEqualTo(1);
        assertThat(view.exhaustionSeconds()).hasValue(60);
    }

    @Test
    void aChildFromBeforeStartReceivedThePipesItSharesWithAForebear() {
        SimulatedTask server = node.running("server", 20, 1);
        SimulatedTask.Ends[] pipe = new SimulatedTask.Ends[1];
        SimulatedTask[] child = new SimulatedTask[1];
        node.unseen(() -> {
            pipe[0] = server.pipe();
            child[0] = server.fork();
            child[0].close(pipe[0].read());
            server.close(pipe[0].write());
        });
        known.baseline();
        assertThat(known.pipe(pipe[0]).opposite(End.READ, 0).receiverBelow(known.process(server)))
                .contains(known.process(child[0]));

        child[0].exit(0);

        assertThat(known.orphaned).containsExactly("write end of " + pipe[0].inode());
    }

    @Test
    void aMissedOpenIsRepairedAndCounted() {
        SimulatedTask server = known.started("server");
        node.unseen(() -> server.open(Kind.SOCKET));

        known.heal();

        known.equalsTheKernel();
        assertThat(known.descriptor(server, 0).origin()).isEqualTo(Origin.SNAPSHOT);
        assertThat(tracker.merge().repairs(Kind.SOCKET)).isEqualTo(1);
    }

    @Test
    void aMissedCloseIsRepairedAndCounted() {
        SimulatedTask server = known.started("server");
        SimulatedTask.Ends pipe = server.pipe();
        node.unseen(() -> server.close(pipe.read(), pipe.write()));

        known.heal();

        known.equalsTheKernel();
        assertThat(tracker.merge().repairs(Kind.PIPE)).isEqualTo(2);
        assertThat(tracker.channel(Kind.PIPE, pipe.inode())).isEmpty();
    }

    @Test
    void aNumberThatWasClosedAndReusedUnseenIsOneRepair() {
        SimulatedTask server = known.started("server");
        server.open(Kind.FILE);
        node.unseen(() -> {
            server.close(0);
            server.open(Kind.SOCKET);
        });

        known.heal();

        known.equalsTheKernel();
        assertThat(tracker.merge().repairs(Kind.SOCKET)).isEqualTo(1);
        assertThat(tracker.merge().repairs(Kind.FILE)).isZero();
    }

    @Test
    void aMissedExitIsRepairedAndCounted() {
        SimulatedTask server = known.started("server");
        SimulatedTask child = server.fork();
        child.open(Kind.FILE);
        node.unseen(() -> child.exitAndBeReaped(0));

        known.heal();

        known.equalsTheKernel();
        assertThat(tracker.merge().repairs(Kind.PROCESS)).isEqualTo(1);
        assertThat(tracker.descriptorCount()).isZero();
        assertThat(known.isGone(child)).isTrue();
    }

    @Test
    void aMissedForkIsRepairedAndCounted() {
        SimulatedTask server = known.started("server");
        server.open(Kind.FILE);
        SimulatedTask[] child = new SimulatedTask[1];
        node.unseen(() -> child[0] = server.fork());

        known.heal();

        known.equalsTheKernel();
        assertThat(tracker.merge().repairs(Kind.PROCESS)).isEqualTo(1);
        assertThat(known.process(child[0]).descendsFrom(known.process(server))).isTrue();
        assertThat(tracker.children(known.process(server)))
                .extracting(ChildView::id)
                .containsExactly(child[0].id());
    }

    @Test
    void aMissedExecIsRepaired() {
        SimulatedTask server = known.started("server");
        server.open(Kind.FILE);
        SimulatedTask sharer = server.forkSharingTable();
        node.unseen(() -> sharer.exec("other", 0));

        known.heal();

        known.equalsTheKernel();
        assertThat(tracker.owner(server.table())).contains(known.process(server));
    }

    @Test
    void aPidUsedAgainUnseenIsAnotherProcess() {
        SimulatedTask server = known.started("server");
        SimulatedTask first = server.fork(500);
        first.open(Kind.FILE);
        SimulatedTask[] second = new SimulatedTask[1];
        node.unseen(() -> {
            first.exitAndBeReaped(0);
            second[0] = server.fork(500);
            second[0].open(Kind.SOCKET);
        });

        known.heal();

        known.equalsTheKernel();
        assertThat(known.process(second[0]).id()).isEqualTo(second[0].id());
        assertThat(known.isGone(first)).isTrue();
    }

    @Test
    void whatHasNotChangedKeepsItsHistory() {
        SimulatedTask server = known.started("server");
        int fd = server.open(Kind.FILE);
        OptionalLong opened = known.descriptor(server, fd).openedAt();
        node.pass(SimulatedNode.SECOND);

        known.heal();

        assertThat(known.descriptor(server, fd).openedAt()).isEqualTo(opened);
        assertThat(known.descriptor(server, fd).origin()).isEqualTo(Origin.TRACED);
        assertThat(tracker.merge().repairs(Kind.FILE)).isZero();
    }

    @Test
    void aTableWithoutDescriptorsIsEmptied() {
        SimulatedTask server = known.started("server");
        server.open(Kind.FILE);
        server.open(Kind.FILE);
        node.unseen(() -> server.close(0, 1));

        known.heal();

        known.equalsTheKernel();
        assertThat(tracker.merge().repairs(Kind.FILE)).isEqualTo(2);
    }

    @Test
    void aZombieFromBeforeStartIsKnownWithoutATimeOfExit() {
        SimulatedTask server = node.running("server", 20, 1);
        SimulatedTask[] child = new SimulatedTask[1];
        node.unseen(() -> {
            child[0] = server.fork();
            child[0].exit(7);
        });

        known.baseline();

        assertThat(tracker.children(known.process(server))).singleElement().satisfies(view -> {
            assertThat(view.exitedAt()).isEmpty();
            assertThat(view.exit()).contains(new ExitStatus(7 << 8));
            assertThat(view.reaped()).isFalse();
        });
    }

    @Test
    void aProcessWhoseFirstThreadIsGoneIsKnownByAnother() {
        SimulatedTask server = known.started("server");
        SimulatedTask thread = server.thread();
        node.unseen(server::unshare);
        server.open(Kind.FILE);
        thread.open(Kind.SOCKET);

        known.heal();

        known.equalsTheKernel();
        assertThat(known.descriptor(thread, 0).kind()).isEqualTo(Kind.SOCKET);
    }

    @Test
    void orphansAreHandedToTheirNewParent() {
        SimulatedTask server = node.running("server", 20, 1);
        known.baseline();
        SimulatedTask child = server.fork();
        server.exitAndBeReaped(0);

        known.heal();

        assertThat(tracker.children(known.process(init)))
                .extracting(ChildView::id)
                .contains(child.id());
    }
}
