/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.Kind;
import org.junit.jupiter.api.Test;

/** Which process was given which pipe end, and when the last of them is gone. */
class ReceiptsTest {
    private final Known known = new Known();
    private final SimulatedNode node = known.node;
    private final SimulatedTask parent = known.started("parent");
    private final SimulatedTask.Ends pipe = parent.pipe();

    private SimulatedTask spawnWriter() {
        SimulatedTask child = parent.fork();
        child.dup2(pipe.write(), 5);
        child.exec("child", pipe.read(), pipe.write());
        return child;
    }

    private Channel.Side writers() {
        return known.pipe(pipe).opposite(End.READ, 0);
    }

    @Test
    void theLastReceiversExitIsTold() {
        SimulatedTask one = spawnWriter();
        SimulatedTask two = spawnWriter();
        one.exit(0);
        assertThat(known.orphaned).isEmpty();
        assertThat(writers().allExited()).isFalse();

        two.exit(0);

        assertThat(known.orphaned).containsExactly("write end of " + pipe.inode());
        assertThat(writers().received()).isEqualTo(2);
        assertThat(writers().allExited()).isTrue();
        assertThat(writers().lastExit()).isEqualTo(known.process(two).exitedAt());
        assertThat(writers().receiverBelow(known.process(parent))).contains(known.process(one));
    }

    @Test
    void aChildThatNeverRanExecReceivedWhatItHadFromItsFork() {
        SimulatedTask child = parent.fork();
        child.close(pipe.read());

        child.exit(0);

        assertThat(known.orphaned)
                .containsExactlyInAnyOrder("write end of " + pipe.inode(), "read end of " + pipe.inode());
        assertThat(writers().receiverBelow(known.process(parent))).contains(known.process(child));
    }

    @Test
    void closeOnExecMeansNotReceived() {
        SimulatedTask child = parent.fork();
        child.exec("stranger", pipe.read(), pipe.write());

        child.exit(0);

        assertThat(known.orphaned).isEmpty();
        assertThat(writers().received()).isZero();
    }

    @Test
    void anEndReceivedUnderTwoNumbersCountsOnce() {
        SimulatedTask child = parent.fork();
        child.dup2(pipe.write(), 8);
        child.dup2(pipe.write(), 9);
        child.exec("child", pipe.read());

        assertThat(writers().received()).isEqualTo(1);
        child.exit(0);
        assertThat(writers().allExited()).isTrue();
    }

    @Test
    void execAgainDoesNotMakeAnotherReceiver() {
        SimulatedTask child = spawnWriter();
        spawnWriter();
        spawnWriter();

        child.exec("again");

        child.exit(0);
        assertThat(writers().allExited()).isFalse();
    }

    @Test
    void nothingIsToldOfAPipeNobodyHolds() {
        SimulatedTask child = spawnWriter();
        parent.close(pipe.read(), pipe.write());

        child.exit(0);

        assertThat(known.orphaned).isEmpty();
        assertThat(known.tracker.channel(Kind.PIPE, pipe.inode())).isEmpty();
    }

    @Test
    void aGrandchildIsAReceiverToo() {
        SimulatedTask child = spawnWriter();
        SimulatedTask grandchild = child.fork();
        grandchild.exec("grandchild");
        child.exitAndBeReaped(0);

        assertThat(writers().allExited()).isFalse();
        grandchild.exit(0);

        assertThat(writers().allExited()).isTrue();
        assertThat(writers().lastExit()).isGreaterThan(node.time() - SimulatedNode.SECOND);
    }

    @Test
    void aReceiverIsOnlyBelowWhomItDescendsFrom() {
        SimulatedTask sibling = parent.fork();
        SimulatedTask child = spawnWriter();

        assertThat(writers().receiverBelow(known.process(sibling))).isEmpty();
        assertThat(writers().receiverBelow(known.process(child))).isEmpty();
        assertThat(writers().receiverBelow(known.process(parent))).contains(known.process(child));
    }

    @Test
    void aChildForkedBeforeASnapshotDidNotReceiveWhatItsParentMadeSince() {
        SimulatedTask.Ends[] later = new SimulatedTask.Ends[1];
        node.hold();
        SnapshotMerge merge = known.tracker.merge();
        merge.begin(node.tick(), Origin.SNAPSHOT);
        SimulatedTask child = parent.fork();
        node.tasks(merge::task);
        later[0] = parent.pipe();
        node.descriptors(merge::descriptor);
        merge.end();
        node.deliver();
        known.settle();

        child.exit(0);
        parent.close(later[0].write());

        assertThat(known.pipe(later[0]).opposite(End.READ, 0).received()).isZero();
        assertThat(known.orphaned)
                .containsExactlyInAnyOrder("write end of " + pipe.inode(), "read end of " + pipe.inode());
    }

    @Test
    void aChildWhoseForkASnapshotOvertookReceivedWhatItKeptOneSideOf() {
        SimulatedTask child = forkDuringSnapshot();
        child.close(pipe.read());
        child.exec("child", pipe.write());
        node.deliver();

        child.exit(0);

        assertThat(writers().received()).isEqualTo(1);
        assertThat(writers().allExited()).isTrue();
    }

    @Test
    void aChildWhoseForkASnapshotOvertookAndThatClosedNothingReceivedNothing() {
        SimulatedTask child = forkDuringSnapshot();
        child.exec("stranger", pipe.read(), pipe.write());
        node.deliver();

        child.exit(0);

        assertThat(writers().received()).isZero();
    }

    @Test
    void aChildThatASnapshotShowsAsAZombieReceivedWhatTheRingStillTellsOf() {
        SimulatedTask child = parent.fork();
        node.hold();
        child.dup2(pipe.write(), 5);
        child.exec("child", pipe.read(), pipe.write());
        child.exit(0);

        node.snapshot(known.tracker, Origin.SNAPSHOT);
        node.deliver();
        known.settle();

        assertThat(known.orphaned).containsExactly("write end of " + pipe.inode());
        assertThat(writers().received()).isEqualTo(1);
        assertThat(writers().allExited()).isTrue();
    }

    @Test
    void aReceiverWhoseExitWasMissedIsGoneOnceASnapshotShowsItsZombie() {
        SimulatedTask child = spawnWriter();
        node.unseen(() -> child.exit(3));

        known.heal();

        assertThat(known.orphaned).containsExactly("write end of " + pipe.inode());
        assertThat(known.process(child).view().exit()).contains(new ExitStatus(3 << 8));
    }

    /** Between the walk over the tasks and that over the descriptors; the event comes after both. */
    private SimulatedTask forkDuringSnapshot() {
        SnapshotMerge merge = known.tracker.merge();
        merge.begin(node.tick(), Origin.SNAPSHOT);
        node.tasks(merge::task);
        node.hold();
        SimulatedTask child = parent.fork();
        node.tick();
        node.descriptors(merge::descriptor);
        merge.end();
        return child;
    }
}
