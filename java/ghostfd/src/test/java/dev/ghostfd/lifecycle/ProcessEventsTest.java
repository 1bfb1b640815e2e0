/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.EventBuilder;
import dev.ghostfd.event.EventType;
import dev.ghostfd.event.Kind;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What fork, exec, exit and reaping do to processes and to what they were given. */
class ProcessEventsTest {
    private final Known known = new Known();
    private final SimulatedNode node = known.node;
    private final Tracker tracker = known.tracker;
    private final SimulatedTask shell = known.started("shell");

    @Test
    void aChildStartsWithWhatItsParentHas() {
        SimulatedTask.Ends pipe = shell.pipe();
        OptionalLong opened = known.descriptor(shell, pipe.read()).openedAt();

        SimulatedTask child = shell.fork();

        known.equalsTheKernel();
        assertThat(known.descriptor(child, pipe.read()).openedAt()).isEqualTo(opened);
        assertThat(known.process(child).comm()).isEqualTo("shell");
        assertThat(known.process(child).descendsFrom(known.process(shell))).isTrue();
        assertThat(known.process(shell).descendsFrom(known.process(child))).isFalse();
    }

    @Test
    void whatAChildDoesDoesNotTouchItsParent() {
        SimulatedTask.Ends pipe = shell.pipe();
        for (int i = 0; i < 50; i++) {
            shell.open(Kind.FILE);
        }
        SimulatedTask child = shell.fork();

        child.dup2(pipe.write(), 20);
        child.close(pipe.read(), 5);
        child.open(Kind.SOCKET);

        known.equalsTheKernel();
    }

    @Test
    void whatAParentDoesDoesNotTouchItsChild() {
        SimulatedTask.Ends pipe = shell.pipe();
        shell.fork();

        shell.close(pipe.write());
        shell.open(Kind.TIMERFD);
        shell.closeRange(0, 1);

        known.equalsTheKernel();
    }

    @Test
    void execKeepsOnlyWhatTheCensusFound() {
        SimulatedTask.Ends pipe = shell.pipe();
        int cloexec = shell.open(Kind.FILE);
        SimulatedTask child = shell.fork();

        child.exec("grep", pipe.read(), cloexec);

        known.equalsTheKernel();
        assertThat(known.process(child).comm()).isEqualTo("grep");
    }

    @Test
    void whatSurvivesExecKeepsItsHistory() {
        int fd = shell.open(Kind.FILE);
        OptionalLong opened = known.descriptor(shell, fd).openedAt();
        node.pass(SimulatedNode.SECOND);
        SimulatedTask child = shell.fork();

        child.exec("cat");

        assertThat(known.descriptor(child, fd).openedAt()).isEqualTo(opened);
        assertThat(known.descriptor(child, fd).origin()).isEqualTo(Origin.TRACED);
    }

    @Test
    void posixSpawnRedirectsInTheChildAndLeavesTheParentAlone() {
        SimulatedTask.Ends pipe = shell.pipe();
        SimulatedTask child = shell.fork();
        child.dup2(pipe.write(), 7);
        child.exec("ls", pipe.read(), pipe.write());
        shell.close(pipe.write());

        known.equalsTheKernel();
        assertThat(child.fds()).containsExactly(7);
        assertThat(known.descriptor(child, 7).end()).isEqualTo(End.WRITE);
        assertThat(known.pipe(pipe).side(End.WRITE, 0).received()).isEqualTo(1);
    }

    @Test
    void execFromAnotherThreadReplacesTheWholeProcess() {
        shell.open(Kind.FILE);
        SimulatedTask thread = shell.thread();
        shell.thread();

        thread.exec("python3");
        shell.open(Kind.FILE);

        known.equalsTheKernel();
        assertThat(known.process(shell).comm()).isEqualTo("python3");
        assertThat(tracker.strayEvents()).isZero();
    }

    @Test
    void execFromAThreadWithItsOwnTableGoesOnWithThatOne() {
        SimulatedTask thread = shell.threadWithOwnTable();
        shell.open(Kind.SOCKET);
        thread.open(Kind.FILE);

        thread.exec("perl");
        shell.open(Kind.TIMERFD);

        known.equalsTheKernel();
        assertThat(tracker.strayEvents()).isZero();
    }

    @Test
    void theLastExecIsTheOneThatCounts() {
        int fd = shell.open(Kind.FILE);
        SimulatedTask child = shell.fork();
        child.exec("env");
        child.open(Kind.SOCKET);

        child.exec("python3", fd);

        known.equalsTheKernel();
    }

    @Test
    void anExitedProcessHoldsNothingAndWaitsToBeReaped() {
        shell.pipe();
        SimulatedTask child = shell.fork();

        child.exit(3);

        known.equalsTheKernel();
        assertThat(known.process(child).hasExited()).isTrue();
        assertThat(tracker.owner(child.id().startTime())).isEmpty();
        assertThat(onlyChild()).satisfies(view -> {
            assertThat(view.exit()).contains(new ExitStatus(3 << 8));
            assertThat(view.exitedAt()).hasValue(known.process(child).exitedAt());
            assertThat(view.reaped()).isFalse();
        });
    }

    @Test
    void aReapedProcessLivesOnOnlyInItsParentsStory() {
        SimulatedTask child = shell.fork();

        child.exitAndBeReaped(1);

        assertThat(tracker.process(child.pid())).isEmpty();
        assertThat(known.isGone(child)).isTrue();
        assertThat(onlyChild().reaped()).isTrue();
    }

    private ChildView onlyChild() {
        List<ChildView> children = tracker.children(known.process(shell));
        assertThat(children).hasSize(1);
        return children.getFirst();
    }

    @Test
    void aFreeThatComesAfterItsPidWasGivenAwayAgainDoesNotEndTheNewProcess() {
        SimulatedTask first = shell.fork(500);
        first.exit(0);
        node.hold();
        first.reaped();
        SimulatedTask second = shell.fork(500);
        second.open(Kind.FILE);
        node.deliver();
        /* The kernel frees after an RCU grace period: tell it once more, late. */
        tracker.apply(EventBuilder.of(EventType.FREE)
                .time(node.time())
                .by(500, 500)
                .start(first.id().startTime())
                .event());

        known.equalsTheKernel();
        assertThat(known.process(second).id()).isEqualTo(second.id());
        assertThat(known.isGone(first)).isTrue();
    }

    @Test
    void aForkUnderAKnownPidEndsTheEarlierProcess() {
        SimulatedTask first = shell.fork(500);
        first.open(Kind.FILE);
        node.unseen(() -> first.exitAndBeReaped(0));

        SimulatedTask second = shell.fork(500);

        known.equalsTheKernel();
        assertThat(known.isGone(first)).isTrue();
        assertThat(known.process(second).id()).isEqualTo(second.id());
    }

    @Test
    void anExitOfAnEarlierProcessWithTheSamePidIsIgnored() {
        SimulatedTask child = shell.fork();

        tracker.apply(EventBuilder.of(EventType.EXIT)
                .time(node.time())
                .by(child.pid(), child.pid())
                .start(child.id().startTime() - 1)
                .event());

        assertThat(known.process(child).hasExited()).isFalse();
    }

    @Test
    void aGrandchildDescendsFromItsGrandparentAfterItsParentIsGone() {
        SimulatedTask middle = shell.fork();
        SimulatedTask grandchild = middle.fork();
        middle.exitAndBeReaped(0);
        SimulatedTask late = grandchild.fork();
        grandchild.exitAndBeReaped(0);

        assertThat(known.process(late).descendsFrom(known.process(shell))).isTrue();
    }

    @Test
    void aSiblingDoesNotDescendFromItsSibling() {
        SimulatedTask one = shell.fork();
        SimulatedTask other = shell.fork();

        assertThat(known.process(one).descendsFrom(known.process(other))).isFalse();
        assertThat(known.process(other).descendsFrom(known.process(one))).isFalse();
    }

    @Test
    void onlyTheNewestOfManyReapedChildrenAreRemembered() {
        SimulatedTask alive = shell.fork();
        for (int i = 0; i < 500; i++) {
            shell.fork().exitAndBeReaped(0);
        }
        SimulatedTask last = shell.fork();
        last.exitAndBeReaped(0);

        List<ChildView> children = tracker.children(known.process(shell));

        assertThat(children).hasSizeBetween(33, 65);
        assertThat(children.getFirst().id()).isEqualTo(alive.id());
        assertThat(children.getLast().id()).isEqualTo(last.id());
        assertThat(tracker.processCount()).isEqualTo(2);
    }

    @Test
    void tenThousandDescriptorsAreInheritedWithoutCopying() {
        for (int i = 0; i < 10_000; i++) {
            shell.open(Kind.FILE);
        }
        DescriptorTable before = known.process(shell).table;
        for (int i = 0; i < 100; i++) {
            SimulatedTask child = shell.fork();
            assertThat(known.process(child).table.words(9_999)).isSameAs(before.words(9_999));
        }
    }
}
