/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.Kind;
import dev.ghostfd.lifecycle.Origin;
import dev.ghostfd.lifecycle.SimulatedNode;
import dev.ghostfd.lifecycle.SimulatedTask;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnreapedChildrenTest {
    private final Watch watch = new Watch();
    private final SimulatedNode node = watch.node;
    private final SimulatedTask init = node.running("init", 1, 0);
    private final SimulatedTask server = watch.started("server");

    @Test
    void flagsAZombieOlderThanTheGrace() {
        SimulatedTask child = server.fork();
        child.exec("job");
        child.exit(5);

        assertThat(watch.sweep()).isEmpty();
        List<Leak> found = watch.sweepForGrace();

        assertThat(found).singleElement().satisfies(leak -> {
            assertThat(leak.rule()).isEqualTo(Rule.UNREAPED_CHILD);
            assertThat(leak.confidence()).isEqualTo(Confidence.CONFIRMED);
            assertThat(leak.kind()).isEqualTo(Kind.PROCESS);
            assertThat(leak.origin()).isEqualTo(Origin.TRACED);
            assertThat(leak.process().id()).isEqualTo(server.id());
            assertThat(leak.descriptor()).isEmpty();
            assertThat(leak.peer()).isEmpty();
            assertThat(leak.child()).hasValueSatisfying(zombie -> {
                assertThat(zombie.id()).isEqualTo(child.id());
                assertThat(zombie.comm()).isEqualTo("job");
                assertThat(zombie.exit().orElseThrow().code()).isEqualTo(5);
                assertThat(zombie.exitedAt()).hasValue(leak.firstSeen());
                assertThat(zombie.reaped()).isFalse();
            });
        });
    }

    @Test
    void leavesAChildWhoseParentIsAboutToWait() {
        SimulatedTask child = server.fork();
        child.exit(0);
        node.pass(Watch.GRACE - SimulatedNode.SECOND);
        assertThat(watch.sweep()).isEmpty();

        child.reaped();

        assertThat(watch.sweepFor(2 * Watch.GRACE)).isEmpty();
        assertThat(watch.detector.totals()).isEmpty();
    }

    @Test
    void everyZombieIsALeakOfItsOwn() {
        for (int i = 0; i < 3; i++) {
            server.fork().exit(0);
        }

        List<Leak> found = watch.sweepForGrace();

        assertThat(found).hasSize(3);
        assertThat(found).extracting(Leak::id).doesNotHaveDuplicates();
    }

    @Test
    void resolvesWhenTheParentWaits() {
        SimulatedTask child = server.fork();
        child.exit(0);
        assertThat(watch.sweepForGrace()).hasSize(1);

        child.reaped();

        assertThat(watch.sweep()).isEmpty();
        assertThat(watch.total(Rule.UNREAPED_CHILD)).hasValueSatisfying(total -> {
            assertThat(total.detected()).isEqualTo(1);
            assertThat(total.resolved()).isEqualTo(1);
            assertThat(total.comm()).isEqualTo("server");
            assertThat(total.kind()).isEqualTo(Kind.PROCESS);
        });
    }

    @Test
    void aZombieFromBeforeStartIsFoundWithoutATimeOfExit() {
        SimulatedTask old = node.running("old");
        node.unseen(() -> old.fork().exit(9));
        watch.baseline();

        assertThat(watch.sweep()).isEmpty();
        assertThat(watch.sweepForGrace()).singleElement().satisfies(leak -> {
            assertThat(leak.origin()).isEqualTo(Origin.BEFORE_START);
            assertThat(leak.confidence()).isEqualTo(Confidence.CONFIRMED);
            assertThat(leak.process().id()).isEqualTo(old.id());
            assertThat(leak.child().orElseThrow().exitedAt()).isEmpty();
        });
    }

    @Test
    void aZombieThatInitInheritsIsInitsToReap() {
        SimulatedTask child = server.fork();
        child.exit(0);
        assertThat(watch.sweepForGrace()).hasSize(1);

        server.exitAndBeReaped(0);

        assertThat(watch.sweep())
                .singleElement()
                .satisfies(leak -> assertThat(leak.process().id()).isEqualTo(init.id()));
    }

    @Test
    void aRunningChildIsNoZombie() {
        server.fork().exec("long");

        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
    }
}
