/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.Kind;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Events that wait in the ring while a snapshot is taken explain what it shows: nothing of it is a repair. */
class SnapshotRaceTest {
    private final Known known = new Known();
    private final SimulatedNode node = known.node;
    private final Tracker tracker = known.tracker;
    private final SimulatedTask server = known.started("server");

    /** While the snapshot is being taken, this happens; its events are read afterwards. */
    private void meanwhile(Runnable happens) {
        node.hold();
        happens.run();
        node.snapshot(tracker, Origin.SNAPSHOT);
        node.deliver();
        known.settle();
    }

    @AfterEach
    void everythingIsRightAndNothingWasRepaired() {
        known.equalsTheKernel();
        assertThat(Arrays.stream(Kind.values()).filter(kind -> tracker.merge().repairs(kind) != 0))
                .isEmpty();
    }

    @Test
    void anOpenOnItsWayIsTraced() {
        meanwhile(() -> server.open(Kind.FILE));

        assertThat(known.descriptor(server, 0).origin()).isEqualTo(Origin.TRACED);
        assertThat(known.descriptor(server, 0).openedAt()).isPresent();
    }

    @Test
    void aCloseOnItsWay() {
        server.open(Kind.FILE);

        meanwhile(() -> server.close(0));
    }

    @Test
    void aRangeClosedOnItsWay() {
        for (int i = 0; i < 20; i++) {
            server.open(Kind.FILE);
        }

        meanwhile(() -> server.closeRange(5, -1));
    }

    @Test
    void aNumberClosedAndReusedOnItsWay() {
        server.open(Kind.FILE);

        meanwhile(() -> {
            server.close(0);
            server.open(Kind.SOCKET);
            server.dup2(0, 3);
        });
    }

    @Test
    void theEndOfAThreadWithItsOwnTableOnItsWay() {
        server.open(Kind.FILE);
        SimulatedTask thread = server.threadWithOwnTable();

        meanwhile(() -> {
            thread.open(Kind.SOCKET);
            thread.close(0);
            thread.exitThread();
        });

        assertThat(tracker.strayEvents()).isZero();
    }

    @Test
    void anExecOnItsWay() {
        server.open(Kind.FILE);
        server.open(Kind.SOCKET);

        meanwhile(() -> server.exec("other", 0));
    }

    @Test
    void aProcessYoungerThanTheSnapshotIsLeftToItsFork() {
        server.open(Kind.FILE);
        SimulatedTask[] child = new SimulatedTask[1];
        SnapshotMerge merge = tracker.merge();

        node.hold();
        merge.begin(node.tick(), Origin.SNAPSHOT);
        child[0] = server.fork();
        node.tasks(merge::task);
        node.descriptors(merge::descriptor);
        merge.end();
        assertThat(tracker.process(child[0].pid())).isEmpty();
        node.deliver();
        known.settle();

        assertThat(known.process(child[0]).descendsFrom(known.process(server))).isTrue();
    }

    @Test
    void aDescriptorThatAppearsBetweenTasksAndDescriptors() {
        SnapshotMerge merge = tracker.merge();

        node.hold();
        merge.begin(node.tick(), Origin.SNAPSHOT);
        node.tasks(merge::task);
        server.pipe();
        SimulatedTask child = server.fork();
        node.descriptors(merge::descriptor);
        merge.end();
        node.deliver();
        known.settle();

        assertThat(known.process(child).table.open(Kind.PIPE)).isEqualTo(2);
    }

    @Test
    void aForkOnItsWay() {
        server.open(Kind.FILE);

        meanwhile(server::fork);
    }

    @Test
    void aForkAndItsExecOnTheirWay() {
        server.open(Kind.FILE);

        meanwhile(() -> server.fork().exec("child"));
    }

    @Test
    void aTableCopyOnItsWay() {
        server.open(Kind.FILE);
        SimulatedTask sharer = server.forkSharingTable();

        meanwhile(sharer::unshare);
    }

    @Test
    void anExitOnItsWay() {
        SimulatedTask child = server.fork();
        child.open(Kind.FILE);

        meanwhile(() -> child.exitAndBeReaped(3));

        assertThat(tracker.children(known.process(server)))
                .singleElement()
                .satisfies(view -> assertThat(view.exit()).contains(new ExitStatus(3 << 8)));
    }

    @Test
    void anExitOnItsWayToAZombie() {
        SimulatedTask child = server.fork();
        child.open(Kind.FILE);

        meanwhile(() -> child.exit(3));
    }

    @Test
    void anExitBetweenTasksAndDescriptors() {
        SimulatedTask child = server.fork();
        child.open(Kind.FILE);
        child.pipe();

        betweenTasksAndDescriptors(() -> child.exitAndBeReaped(0));
    }

    @Test
    void anExitOfAThreadWithItsOwnTableOnItsWay() {
        server.open(Kind.FILE);
        SimulatedTask thread = server.threadWithOwnTable();

        meanwhile(thread::exitThread);
    }

    private void betweenTasksAndDescriptors(Runnable happens) {
        SnapshotMerge merge = tracker.merge();
        node.hold();
        merge.begin(node.tick(), Origin.SNAPSHOT);
        node.tasks(merge::task);
        happens.run();
        node.descriptors(merge::descriptor);
        merge.end();
        node.deliver();
        known.settle();
    }
}
