/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;
import dev.ghostfd.lifecycle.End;
import dev.ghostfd.lifecycle.Origin;
import dev.ghostfd.lifecycle.SimulatedNode;
import dev.ghostfd.lifecycle.SimulatedTask;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule orphaned-pipe: what it must flag. */
class OrphanedPipesTest {
    private final Watch watch = new Watch();
    private final SimulatedNode node = watch.node;
    private final SimulatedTask agent = watch.started("agent");
    private final SimulatedTask[] child = new SimulatedTask[1];

    private static Leak only(List<Leak> leaks) {
        assertThat(leaks).hasSize(1);
        return leaks.getFirst();
    }

    @Test
    void flagsTheReadEndWhenTheLastWriterHasExited() {
        SimulatedTask.Ends pipe = Watch.spawnWithOutput(agent, child);
        child[0].exitAndBeReaped(2);

        Leak leak = only(watch.sweepForGrace());

        assertThat(leak.rule()).isEqualTo(Rule.ORPHANED_PIPE);
        assertThat(leak.confidence()).isEqualTo(Confidence.CONFIRMED);
        assertThat(leak.kind()).isEqualTo(Kind.PIPE);
        assertThat(leak.origin()).isEqualTo(Origin.TRACED);
        assertThat(leak.process().id()).isEqualTo(agent.id());
        assertThat(leak.process().comm()).isEqualTo("agent");
        assertThat(leak.descriptor()).hasValueSatisfying(descriptor -> {
            assertThat(descriptor.view().fd()).isEqualTo(pipe.read());
            assertThat(descriptor.view().end()).isEqualTo(End.READ);
            assertThat(descriptor.view().inode()).isEqualTo(pipe.inode());
            assertThat(descriptor.view().openedAt()).isPresent();
        });
        assertThat(leak.child()).hasValueSatisfying(gone -> {
            assertThat(gone.id()).isEqualTo(child[0].id());
            assertThat(gone.comm()).isEqualTo("child");
            assertThat(gone.exit().orElseThrow().code()).isEqualTo(2);
            assertThat(gone.exitedAt()).hasValue(leak.firstSeen());
            assertThat(gone.reaped()).isTrue();
        });
        assertThat(leak.peer()).contains(new Leak.Peer(1, 0, 0, List.of()));
        assertThat(leak.count()).isEqualTo(1);
    }

    /** Nothing of what the child was born with is known, as it never ran exec; but the kernel tells what it had at its end. */
    @Test
    void flagsWhatWasMadeForAChildWhoseWholeLifeASnapshotOvertook() {
        node.hold();
        SimulatedTask.Ends pipe = agent.pipe();
        SimulatedTask worker = agent.fork();
        worker.close(pipe.read());
        agent.close(pipe.write());
        worker.exitAndBeReaped(11);
        node.snapshot(watch.detector.tracker(), Origin.SNAPSHOT);
        node.deliver();
        watch.detector.tracker().merge().settle();

        Leak leak = only(watch.sweepForGrace());

        assertThat(leak.rule()).isEqualTo(Rule.ORPHANED_PIPE);
        assertThat(leak.confidence()).isEqualTo(Confidence.CONFIRMED);
        assertThat(leak.child().orElseThrow().id()).isEqualTo(worker.id());
    }

    @Test
    void flagsTheWriteEndWhenTheLastReaderHasExited() {
        SimulatedTask.Ends pipe = agent.pipe();
        SimulatedTask reader = agent.fork();
        reader.exec("reader", pipe.write());
        agent.close(pipe.read());
        reader.exit(0);

        Leak leak = watch.sweepForGrace().stream()
                .filter(found -> found.rule() == Rule.ORPHANED_PIPE)
                .findFirst()
                .orElseThrow();

        assertThat(leak.confidence()).isEqualTo(Confidence.CONFIRMED);
        assertThat(leak.descriptor().orElseThrow().view().end()).isEqualTo(End.WRITE);
    }

    @Test
    void flagsAfterAChildThatNeverRanExec() {
        SimulatedTask.Ends pipe = agent.pipe();
        SimulatedTask worker = agent.fork();
        worker.close(pipe.read());
        agent.close(pipe.write());
        worker.exitAndBeReaped(0);

        assertThat(only(watch.sweepForGrace()).child().orElseThrow().id()).isEqualTo(worker.id());
    }

    @Test
    void flagsWhenTheChildsOwnChildrenAreGoneToo() {
        Watch.spawnWithOutput(agent, child);
        SimulatedTask grandchild = child[0].fork();
        child[0].exitAndBeReaped(0);
        assertThat(watch.sweepForGrace()).noneMatch(leak -> leak.rule() == Rule.ORPHANED_PIPE);

        grandchild.exitAndBeReaped(0);

        assertThat(only(watch.sweepForGrace()).confidence()).isEqualTo(Confidence.CONFIRMED);
    }

    @Test
    void waitsForTheGraceAfterTheLastExit() {
        Watch.spawnWithOutput(agent, child);
        child[0].exitAndBeReaped(0);

        node.pass(Watch.GRACE - SimulatedNode.SECOND);
        assertThat(watch.sweep()).isEmpty();
        node.pass(2 * SimulatedNode.SECOND);
        assertThat(watch.sweep()).hasSize(1);
    }

    @Test
    void unreadBytesThatNobodyTouchesAreOnlySuspicious() {
        SimulatedTask.Ends pipe = Watch.spawnWithOutput(agent, child);
        node.content(pipe.inode(), 4096, 7);
        child[0].exitAndBeReaped(0);

        Leak leak = only(watch.sweepFor(Watch.GRACE + 10 * SimulatedNode.SECOND));

        assertThat(leak.confidence()).isEqualTo(Confidence.SUSPECTED);
        assertThat(leak.peer()).contains(new Leak.Peer(1, 0, 4096, List.of()));
    }

    @Test
    void aFifoThatCanBeOpenedAgainByItsNameIsOnlySuspicious() {
        fifo(Flags.LINKED);

        assertThat(only(watch.sweepForGrace()).confidence()).isEqualTo(Confidence.SUSPECTED);
    }

    @Test
    void aFifoWithoutANameIsAsDeadAsAPipe() {
        fifo(0);

        Leak leak = only(watch.sweepForGrace());
        assertThat(leak.confidence()).isEqualTo(Confidence.CONFIRMED);
        assertThat(leak.kind()).isEqualTo(Kind.FIFO);
    }

    private void fifo(int flags) {
        int read = agent.open(Kind.FIFO, Flags.READ | flags, 77);
        int write = agent.open(Kind.FIFO, Flags.WRITE | flags, 77);
        SimulatedTask writer = agent.fork();
        writer.exec("writer", read);
        agent.close(write);
        writer.exitAndBeReaped(0);
    }

    @Test
    void everyDescriptorOnTheDeadEndIsALeakOfItsOwn() {
        SimulatedTask.Ends pipe = Watch.spawnWithOutput(agent, child);
        agent.dup2(pipe.read(), 50);
        child[0].exitAndBeReaped(0);

        assertThat(watch.sweepForGrace())
                .extracting(leak -> leak.descriptor().orElseThrow().view().fd())
                .containsExactlyInAnyOrder(pipe.read(), 50);
    }

    @Test
    void aTableSharedByProcessesIsReportedOnceForTheOldest() {
        Watch.spawnWithOutput(agent, child);
        agent.forkSharingTable();
        child[0].exitAndBeReaped(0);

        assertThat(only(watch.sweepForGrace()).process().id()).isEqualTo(agent.id());
    }

    @Test
    void aPipeFromBeforeStartIsSuspected() {
        SimulatedTask old = watch.running("old");
        node.unseen(() -> {
            Watch.spawnWithOutput(old, child);
            child[0].exitAndBeReaped(0);
        });
        watch.baseline();

        Leak leak = only(watch.sweepForGrace());

        assertThat(leak.confidence()).isEqualTo(Confidence.SUSPECTED);
        assertThat(leak.origin()).isEqualTo(Origin.BEFORE_START);
        assertThat(leak.child()).isEmpty();
        assertThat(leak.descriptor().orElseThrow().view().openedAt()).isEmpty();
    }

    @Test
    void aPipeFromBeforeStartWhoseChildIsKnownIsConfirmed() {
        SimulatedTask old = watch.running("old");
        node.unseen(() -> Watch.spawnWithOutput(old, child));
        watch.baseline();
        child[0].exitAndBeReaped(0);

        Leak leak = only(watch.sweepForGrace());

        assertThat(leak.confidence()).isEqualTo(Confidence.CONFIRMED);
        assertThat(leak.origin()).isEqualTo(Origin.BEFORE_START);
        assertThat(leak.child().orElseThrow().id()).isEqualTo(child[0].id());
    }
}
