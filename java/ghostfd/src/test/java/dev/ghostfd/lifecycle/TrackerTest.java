/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.EventBuilder;
import dev.ghostfd.event.EventType;
import dev.ghostfd.event.Kind;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What descriptors' events do to the tables. */
class TrackerTest {
    private final Known known = new Known();
    private final SimulatedNode node = known.node;
    private final Tracker tracker = known.tracker;
    private final SimulatedTask shell = known.started("shell");

    @Test
    void anOpenedDescriptorIsKnownWithItsHistory() {
        int fd = shell.open(Kind.FILE);
        long opened = node.time();

        DescriptorView view = known.descriptor(shell, fd);

        assertThat(view.kind()).isEqualTo(Kind.FILE);
        assertThat(view.origin()).isEqualTo(Origin.TRACED);
        assertThat(view.openedBy()).isEqualTo(shell.pid());
        assertThat(view.openedAt().orElseThrow()).isBetween(opened - 65_536, opened);
        known.equalsTheKernel();
    }

    @Test
    void aClosedDescriptorIsGone() {
        int fd = shell.open(Kind.SOCKET);

        shell.close(fd);

        assertThat(tracker.descriptor(shell.table(), fd)).isEmpty();
        assertThat(tracker.descriptorCount()).isZero();
    }

    @Test
    void closeOfANumberThatIsFreeChangesNothing() {
        int fd = shell.open(Kind.FILE);

        shell.close(fd + 1, 9_999);

        known.equalsTheKernel();
        assertThat(tracker.strayEvents()).isZero();
    }

    @Test
    void aDescriptorsLifeIsCountedWhenItIsClosed() {
        int fd = shell.open(Kind.EVENTFD);
        node.pass(5 * SimulatedNode.SECOND);

        shell.close(fd);

        assertThat(tracker.lifetimes().counts(Kind.EVENTFD)).containsExactly(0, 0, 0, 0, 1, 0, 0, 0, 0, 0);
        assertThat(tracker.lifetimes().sumSeconds(Kind.EVENTFD)).isBetween(5.0, 5.1);
    }

    @Test
    void dup2OverAnOpenNumberReplacesIt() {
        SimulatedTask.Ends pipe = shell.pipe();
        int file = shell.open(Kind.FILE);

        shell.dup2(pipe.write(), file);

        assertThat(known.descriptor(shell, file).kind()).isEqualTo(Kind.PIPE);
        assertThat(known.descriptor(shell, file).end()).isEqualTo(End.WRITE);
        assertThat(tracker.process(shell.pid()).orElseThrow().table.open(Kind.FILE))
                .isZero();
        assertThat(tracker.lifetimes().counts(Kind.FILE)).contains(1);
        known.equalsTheKernel();
    }

    @Test
    void dup2OntoItselfKeepsTheHistory() {
        int fd = shell.open(Kind.FILE);
        OptionalLong opened = known.descriptor(shell, fd).openedAt();
        node.pass(SimulatedNode.SECOND);

        shell.dup2(fd, fd);

        assertThat(known.descriptor(shell, fd).openedAt()).isEqualTo(opened);
    }

    @Test
    void aReusedNumberIsANewDescriptor() {
        int fd = shell.open(Kind.FILE);
        shell.close(fd);
        node.pass(SimulatedNode.SECOND);

        int again = shell.open(Kind.TIMERFD);

        assertThat(again).isEqualTo(fd);
        assertThat(known.descriptor(shell, fd).openedAt().orElseThrow())
                .isGreaterThan(node.time() - SimulatedNode.SECOND);
        known.equalsTheKernel();
    }

    @Test
    void closeRangeClosesFromFirstToLastInclusive() {
        for (int i = 0; i < 40; i++) {
            shell.open(Kind.FILE);
        }

        shell.closeRange(3, 17);

        known.equalsTheKernel();
        assertThat(shell.fds()).hasSize(25);
    }

    @Test
    void closeRangeToTheHighestNumberClosesTheRest() {
        for (int i = 0; i < 40; i++) {
            shell.open(Kind.FILE);
        }

        shell.closeRange(2, -1);

        known.equalsTheKernel();
        assertThat(tracker.descriptorCount()).isEqualTo(2);
    }

    @Test
    void eventsReadOnceMoreOverALaterSnapshotEndInTheRightState() {
        SimulatedTask.Ends pipe = shell.pipe();
        SimulatedTask child = shell.fork();
        child.dup2(pipe.write(), 7);
        child.close(pipe.read());
        child.exec("child", pipe.write());
        SimulatedTask sharer = shell.forkSharingTable();
        sharer.open(Kind.FILE);
        sharer.unshare();
        sharer.close(pipe.read());
        shell.threadWithOwnTable().open(Kind.SOCKET);
        shell.close(pipe.write());
        shell.fork().exitAndBeReaped(3);
        known.heal();

        List.copyOf(known.told).forEach(tracker::apply);

        known.equalsTheKernel();
        assertThat(tracker.strayEvents()).isZero();
    }

    @Test
    void processEventsMayBeToldTwice() {
        SimulatedTask child = shell.fork();
        child.exec("child");
        child.exit(1);
        known.tellAgain(3);
        known.equalsTheKernel();

        child.reaped();
        known.tellAgain(1);
        assertThat(known.isGone(child)).isTrue();
    }

    @Test
    void eventsOfTablesNobodyToldOfCountAsStray() {
        SimulatedTask stranger = node.running("stranger");

        stranger.open(Kind.FILE);
        stranger.close(0);
        stranger.closeRange(0, 9);

        assertThat(tracker.strayEvents()).isEqualTo(3);
        assertThat(tracker.process(stranger.pid())).isEmpty();
    }

    @Test
    void aProcessNobodyToldOfIsKnownFromItsExecOn() {
        SimulatedTask stranger = node.running("stranger");
        stranger.open(Kind.FILE);

        stranger.exec("arrived");

        assertThat(tracker.process(stranger.pid()).orElseThrow().comm()).isEqualTo("arrived");
        known.equalsTheKernel();
    }

    @Test
    void aSnapshotSettlesStrayEvents() {
        node.running("stranger").open(Kind.FILE);
        assertThat(tracker.strayEvents()).isEqualTo(1);

        node.snapshot(tracker, Origin.SNAPSHOT);

        assertThat(tracker.strayEvents()).isZero();
        known.equalsTheKernel();
    }

    @Test
    void anEndOfCensusWithoutItsExecChangesNothing() {
        shell.open(Kind.FILE);

        tracker.apply(EventBuilder.of(EventType.CENSUS_END)
                .table(shell.table())
                .by(shell.pid(), shell.pid())
                .time(node.time())
                .event());

        known.equalsTheKernel();
    }

    @Test
    void aKindOfANewerObjectIsAnonymous() {
        tracker.apply(EventBuilder.of(EventType.OPEN)
                .time(node.time())
                .table(shell.table())
                .by(shell.pid(), shell.pid())
                .fd(3)
                .kind(99)
                .inode(1)
                .file(1)
                .event());

        assertThat(known.descriptor(shell, 3).kind()).isEqualTo(Kind.ANON);
    }

    @Test
    void aRecordWithoutAKindIsNotLost() {
        tracker.apply(EventBuilder.of(EventType.OPEN)
                .time(node.time())
                .table(shell.table())
                .by(shell.pid(), shell.pid())
                .fd(3)
                .kind(0)
                .inode(1)
                .file(1)
                .event());

        assertThat(known.process(shell).table.open())
                .isEqualTo(tracker.holdings().descriptors(known.process(shell)).size());
    }
}
