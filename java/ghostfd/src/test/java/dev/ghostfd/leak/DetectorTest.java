/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ghostfd.event.Kind;
import dev.ghostfd.lifecycle.SimulatedNode;
import dev.ghostfd.lifecycle.SimulatedTask;
import dev.ghostfd.lifecycle.TrackedProcess;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How findings come, stand and go, whatever their rule. */
class DetectorTest {
    private final Watch watch = new Watch();
    private final SimulatedNode node = watch.node;
    private final SimulatedTask agent = watch.started("agent");
    private final SimulatedTask[] child = new SimulatedTask[1];

    private SimulatedTask.Ends leak() {
        SimulatedTask.Ends pipe = Watch.spawnWithOutput(agent, child);
        child[0].exitAndBeReaped(0);
        return pipe;
    }

    @Test
    void aThousandLeaksAreAThousandFindings() {
        for (int i = 0; i < 1_000; i++) {
            leak();
        }

        List<Leak> found = watch.sweepForGrace();

        assertThat(found).hasSize(1_000).allMatch(leak -> leak.confidence() == Confidence.CONFIRMED);
        assertThat(found).extracting(Leak::id).doesNotHaveDuplicates();
        assertThat(found).extracting(Leak::firstSeen).isSorted();
        assertThat(watch.total(Rule.ORPHANED_PIPE).orElseThrow().detected()).isEqualTo(1_000);
    }

    @Test
    void aLeakKeepsItsIdAndItsAgeForAsLongAsItStands() {
        leak();
        Leak first = watch.sweepForGrace().getFirst();

        Leak later = watch.sweepFor(2 * Watch.GRACE).getFirst();

        assertThat(later.id()).isEqualTo(first.id()).matches("[0-9a-f]{16}");
        assertThat(later.firstSeen()).isEqualTo(first.firstSeen());
    }

    @Test
    void theSameEventsGiveTheSameFindings() {
        leak();
        List<Leak> found = watch.sweepForGrace();

        Watch again = new Watch();
        SimulatedTask other = again.started("agent");
        Watch.spawnWithOutput(other, child);
        child[0].exitAndBeReaped(0);

        assertThat(again.sweepForGrace()).isEqualTo(found);
    }

    @Test
    void aClosedDescriptorIsResolvedInTheNextSweep() {
        SimulatedTask.Ends pipe = leak();
        assertThat(watch.sweepForGrace()).hasSize(1);

        agent.close(pipe.read());

        assertThat(watch.sweep()).isEmpty();
        assertThat(watch.total(Rule.ORPHANED_PIPE)).hasValueSatisfying(total -> {
            assertThat(total.detected()).isEqualTo(1);
            assertThat(total.resolved()).isEqualTo(1);
            assertThat(total.comm()).isEqualTo("agent");
            assertThat(total.cgroup()).isEqualTo(1);
            assertThat(total.kind()).isEqualTo(Kind.PIPE);
        });
    }

    @Test
    void theLeaksOfAProcessEndWithIt() {
        leak();
        leak();
        assertThat(watch.sweepForGrace()).hasSize(2);

        agent.exitAndBeReaped(0);

        assertThat(watch.sweep()).isEmpty();
        assertThat(watch.total(Rule.ORPHANED_PIPE).orElseThrow().resolved()).isEqualTo(2);
    }

    @Test
    void aReusedNumberIsANewLeak() {
        SimulatedTask.Ends first = leak();
        String id = watch.sweepForGrace().getFirst().id();
        agent.close(first.read());
        SimulatedTask.Ends second = leak();
        assertThat(second.read()).isEqualTo(first.read());

        List<Leak> found = watch.sweepForGrace();

        assertThat(found).hasSize(1);
        assertThat(found.getFirst().id()).isNotEqualTo(id);
        assertThat(watch.total(Rule.ORPHANED_PIPE).orElseThrow().detected()).isEqualTo(2);
    }

    @Test
    void findingsAreListedOldestFirst() {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            order.add(leak().read());
            node.pass(SimulatedNode.SECOND);
        }

        assertThat(watch.sweepFor(2 * Watch.GRACE))
                .extracting(leak -> leak.descriptor().orElseThrow().view().fd())
                .isEqualTo(order);
    }

    @Test
    void pipesAreLookedAtOnlyWhenThereIsAReason() {
        watch.sweepFor(2 * Watch.GRACE);
        assertThat(watch.detector.wantsCandidates()).isFalse();

        SimulatedTask.Ends pipe = leak();
        assertThat(watch.detector.wantsCandidates()).isTrue();
        watch.sweepForGrace();
        assertThat(watch.detector.wantsCandidates()).isTrue();

        agent.close(pipe.read());
        watch.sweep();
        assertThat(watch.detector.wantsCandidates()).isFalse();
    }

    @Test
    void aChildIsForgottenEvenWhileSomethingElseIsLookedAt() {
        Watch.spawnWriter(agent, agent.pipe()).exitAndBeReaped(0);
        WeakReference<TrackedProcess> gone = endOfAnotherChild();
        // Its parent's story remembers some.
        for (int i = 0; i < 100; i++) {
            endOfAnotherChild();
        }

        assertThat(watch.sweepForGrace()).hasSize(1);
        assertThat(watch.detector.watchedInodes()).isNotEmpty();
        await().untilAsserted(() -> {
            System.gc();
            assertThat(gone.get()).isNull();
        });
    }

    /** A child whose output is read to its end. */
    private WeakReference<TrackedProcess> endOfAnotherChild() {
        SimulatedTask.Ends pipe = Watch.spawnWithOutput(agent, child);
        TrackedProcess known = watch.detector.tracker().process(child[0].pid()).orElseThrow();
        child[0].exitAndBeReaped(0);
        agent.close(pipe.read());
        return new WeakReference<>(known);
    }

    @Test
    void cleanSpawnsLeaveNothingToLookAt() {
        for (int i = 0; i < 200; i++) {
            SimulatedTask.Ends pipe = Watch.spawnWithOutput(agent, child);
            child[0].exit(0);
            agent.close(pipe.read());
            child[0].reaped();
        }

        assertThat(watch.sweepFor(2 * Watch.GRACE)).isEmpty();
        assertThat(watch.detector.wantsCandidates()).isFalse();
        assertThat(watch.detector.tracker().descriptorCount()).isEqualTo(3);
    }

    @Test
    void aSweepOnlyReportsWhatTheTablesKnowToo() {
        SimulatedTask.Ends pipe = leak();
        node.unseen(() -> {
            agent.close(pipe.read());
            agent.dup2(agent.pipe().write(), pipe.read());
        });

        assertThat(watch.sweepForGrace()).isEmpty();
    }
}
