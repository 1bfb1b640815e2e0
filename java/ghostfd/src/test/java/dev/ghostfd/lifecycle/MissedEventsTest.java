/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.EventBuilder;
import dev.ghostfd.event.EventType;
import dev.ghostfd.event.Kind;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;

/** What is said of processes after events were lost: nothing that nobody told. */
class MissedEventsTest {
    private final Known known = new Known();
    private final SimulatedNode node = known.node;
    private final Tracker tracker = known.tracker;
    private final SimulatedTask shell = known.started("shell");

    @Test
    void aProcessReplacedUnseenExitedWhenThatWasNoticed() {
        SimulatedTask first = shell.fork(500);
        node.pass(3600 * SimulatedNode.SECOND);
        node.unseen(() -> first.exitAndBeReaped(0));

        shell.fork(500);

        ChildView gone = tracker.children(known.process(shell)).getFirst();
        assertThat(gone.id()).isEqualTo(first.id());
        assertThat(gone.exitedAt().orElseThrow()).isGreaterThan(node.time() - SimulatedNode.SECOND);
    }

    @Test
    void aPidUsedAgainUnseenEndedWhenThatWasNoticed() {
        SimulatedTask first = shell.fork(500);
        node.pass(3600 * SimulatedNode.SECOND);
        node.unseen(() -> {
            first.exitAndBeReaped(0);
            shell.fork(500);
        });

        known.heal();

        ChildView gone = tracker.children(known.process(shell)).getFirst();
        assertThat(gone.exitedAt().orElseThrow()).isGreaterThan(node.time() - SimulatedNode.SECOND);
    }

    @Test
    void aProcessOfWhichNothingIsKnownHasAHistoryFromItsExecOn() {
        SimulatedTask[] arriving = new SimulatedTask[1];
        node.unseen(() -> arriving[0] = shell.fork());
        SimulatedTask moved = arriving[0];

        moved.exec("agent");
        SimulatedTask.Ends pipe = moved.pipe();
        SimulatedTask child = moved.fork();
        moved.close(pipe.write());
        child.exitAndBeReaped(0);

        known.equalsTheKernel();
        assertThat(known.process(moved).comm()).isEqualTo("agent");
        assertThat(known.descriptor(moved, pipe.read()).origin()).isEqualTo(Origin.TRACED);
        assertThat(tracker.strayEvents()).as("nothing is left to ask").isZero();
    }

    @Test
    void howAMissedExitEndedIsNotKnown() {
        SimulatedTask child = shell.fork();
        node.unseen(() -> child.exitAndBeReaped(3));

        known.heal();

        assertThat(tracker.children(known.process(shell)))
                .singleElement()
                .satisfies(view -> assertThat(view.exit()).isEmpty());
    }

    @Test
    void aChildOfTheTracerItselfIsNoSignOfALoss() {
        tracker.apply(EventBuilder.of(EventType.FORK)
                .time(node.time())
                .table(77)
                .by(9000, 9000)
                .child(9001, node.time(), 9000)
                .event());

        assertThat(tracker.strayEvents()).isZero();
        assertThat(tracker.process(9001)).isPresent();
    }

    @Test
    void anExecOfALaterProcessWithTheSamePidIsNotTheEarliersExec() {
        SimulatedTask first = shell.fork(500);
        first.open(Kind.FILE);
        node.unseen(() -> {
            first.exitAndBeReaped(0);
            shell.fork(500);
        });

        tracker.apply(EventBuilder.of(EventType.EXEC)
                .time(node.time())
                .table(77)
                .by(500, 500)
                .start(first.id().startTime() + 1)
                .comm("other")
                .event());

        assertThat(known.process(first).comm()).isEqualTo("shell");
        assertThat(tracker.strayEvents()).isEqualTo(1);
    }

    @Test
    void aChildWhoseForkWasLostReceivedThePipesItSharesWithItsParent() {
        SimulatedTask.Ends pipe = shell.pipe();
        SimulatedTask[] child = new SimulatedTask[1];
        node.unseen(() -> {
            child[0] = shell.fork();
            child[0].exec("child", pipe.read());
        });
        known.heal();
        shell.close(pipe.write());

        child[0].exit(0);

        assertThat(known.orphaned).containsExactly("write end of " + pipe.inode());
    }

    @Test
    void aMissedUnshareAndAnotherEndInTheRightTable() {
        shell.open(Kind.FILE);
        SimulatedTask sharer = shell.forkSharingTable();
        node.unseen(sharer::unshare);
        SimulatedTask third = sharer.forkSharingTable();
        sharer.unshare();
        sharer.close(0);

        known.heal();

        known.equalsTheKernel();
        assertThat(third.fds()).containsExactly(0);
    }

    @Test
    void whoForksHisSuccessorAndExitsIsNotKeptForEver() {
        SimulatedTask link = successor(shell.fork());
        WeakReference<TrackedProcess> early = new WeakReference<>(known.process(link));
        for (int i = 0; i < 100; i++) {
            link = successor(link);
        }

        System.gc();

        assertThat(early.get()).isNull();
        assertThat(known.process(link).descendsFrom(known.process(shell))).isTrue();
    }

    private static SimulatedTask successor(SimulatedTask link) {
        SimulatedTask next = link.fork();
        link.exitAndBeReaped(0);
        return next;
    }
}
