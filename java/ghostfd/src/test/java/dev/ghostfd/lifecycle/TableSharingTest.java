/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.ghostfd.event.Kind;
import org.junit.jupiter.api.Test;

/** Tables that several processes share, that threads have for themselves, and that are left by unshare. */
class TableSharingTest {
    private final Known known = new Known();
    private final Tracker tracker = known.tracker;
    private final SimulatedTask server = known.started("server");

    @Test
    void aSharedTableIsOneTable() {
        server.open(Kind.FILE);
        SimulatedTask sharer = server.forkSharingTable();

        sharer.open(Kind.SOCKET);
        server.close(0);

        known.equalsTheKernel();
        assertThat(tracker.descriptorCount()).isEqualTo(1);
    }

    @Test
    void aSharedTableBelongsToTheOldestOfItsProcesses() {
        SimulatedTask second = server.forkSharingTable();
        SimulatedTask third = second.forkSharingTable();
        server.open(Kind.FILE);
        assertThat(tracker.owner(server.table())).contains(known.process(server));
        long table = server.table();

        server.exit(0);
        assertThat(tracker.owner(table)).contains(known.process(second));
        second.exit(0);
        assertThat(tracker.owner(table)).contains(known.process(third));

        assertThat(known.descriptor(third, 0).kind()).isEqualTo(Kind.FILE);
        third.exit(0);
        assertThat(tracker.owner(table)).isEmpty();
        assertThat(tracker.descriptorCount()).isZero();
    }

    @Test
    void execLeavesASharedTableToTheOthers() {
        server.open(Kind.FILE);
        server.open(Kind.SOCKET);
        SimulatedTask sharer = server.forkSharingTable();

        sharer.exec("other", 0);
        sharer.open(Kind.TIMERFD);

        known.equalsTheKernel();
        assertThat(tracker.owner(server.table())).contains(known.process(server));
        assertThat(tracker.owner(sharer.table())).contains(known.process(sharer));
    }

    @Test
    void unshareGivesASingleThreadedProcessATableOfItsOwn() {
        server.open(Kind.FILE);
        SimulatedTask sharer = server.forkSharingTable();

        sharer.unshare();
        sharer.open(Kind.SOCKET);
        server.open(Kind.FILE);

        known.equalsTheKernel();
        assertThat(tracker.owner(sharer.table())).contains(known.process(sharer));
    }

    @Test
    void theOwnerThatUnsharesLeavesTheTableToTheNext() {
        long shared = server.table();
        SimulatedTask sharer = server.forkSharingTable();

        server.unshare();

        assertThat(tracker.owner(shared)).contains(known.process(sharer));
        known.equalsTheKernel();
    }

    @Test
    void aThreadThatUnsharesGetsATableOfItsOwn() {
        server.open(Kind.FILE);
        SimulatedTask thread = server.thread();

        thread.unshare();
        thread.open(Kind.SOCKET);
        server.close(0);

        known.equalsTheKernel();
        assertThat(known.descriptor(thread, 0).kind()).isEqualTo(Kind.FILE);
        assertThat(known.descriptor(thread, 1).kind()).isEqualTo(Kind.SOCKET);
        assertThat(tracker.descriptor(server.table(), 1)).isEmpty();
    }

    @Test
    void aFirstThreadThatUnsharesLeavesTheOldTableToTheOthers() {
        server.open(Kind.FILE);
        SimulatedTask thread = server.thread();

        server.unshare();
        server.open(Kind.SOCKET);
        thread.open(Kind.TIMERFD);

        known.equalsTheKernel();
        assertThat(known.descriptor(thread, 1).kind()).isEqualTo(Kind.TIMERFD);
        assertThat(known.descriptor(server, 1).kind()).isEqualTo(Kind.SOCKET);
        assertThat(tracker.strayEvents()).isZero();
    }

    @Test
    void aThreadsOwnTableEndsWithTheThread() {
        SimulatedTask.Ends pipe = server.pipe();
        SimulatedTask thread = server.threadWithOwnTable();
        long own = thread.table();
        server.close(pipe.read(), pipe.write());
        assertThat(tracker.owner(own)).contains(known.process(server));
        assertThat(known.pipe(pipe).isHeld()).isTrue();

        thread.exitThread();

        assertThat(tracker.owner(own)).isEmpty();
        assertThat(tracker.channel(Kind.PIPE, pipe.inode())).isEmpty();
        known.equalsTheKernel();
    }

    @Test
    void aThreadsOwnTableWhoseEndWasMissedIsGoneAfterASnapshot() {
        SimulatedTask.Ends pipe = server.pipe();
        SimulatedTask thread = server.threadWithOwnTable();
        SimulatedTask other = server.threadWithOwnTable();
        long own = thread.table();
        server.close(pipe.read(), pipe.write());
        other.close(pipe.read(), pipe.write());
        known.node.unseen(thread::exitThread);

        known.heal();

        assertThat(tracker.owner(own)).isEmpty();
        assertThat(tracker.owner(other.table())).contains(known.process(server));
        assertThat(tracker.channel(Kind.PIPE, pipe.inode())).isEmpty();
        assertThat(tracker.hasDoubtfulTables()).isFalse();
        assertThat(tracker.merge().repairs(Kind.PIPE)).isEqualTo(2);
        known.equalsTheKernel();
    }

    @Test
    void aTableThatAThreadLeftToAChildEndsWithTheChild() {
        server.open(Kind.FILE);
        SimulatedTask thread = server.threadWithOwnTable();
        SimulatedTask child = thread.forkSharingTable();
        child.open(Kind.SOCKET);
        thread.exitThread();

        child.exit(0);

        assertThat(tracker.owner(child.table())).isEmpty();
        known.equalsTheKernel();
    }

    @Test
    void aThreadThatSharesItsProcesssTableTakesNothingWithIt() {
        server.open(Kind.FILE);
        SimulatedTask thread = server.thread();

        thread.exitThread();

        known.equalsTheKernel();
    }

    @Test
    void aProcessExitEndsTheTablesOfItsThreads() {
        SimulatedTask.Ends pipe = server.pipe();
        SimulatedTask thread = server.threadWithOwnTable();
        thread.open(Kind.FILE);

        server.exit(0);

        assertThat(tracker.owner(thread.table())).isEmpty();
        assertThat(tracker.descriptorCount()).isZero();
        assertThat(tracker.channel(Kind.PIPE, pipe.inode())).isEmpty();
    }

    @Test
    void aChildForkedFromAThreadWithItsOwnTableInheritsThatOne() {
        SimulatedTask thread = server.threadWithOwnTable();
        server.open(Kind.SOCKET);
        thread.open(Kind.FILE);

        SimulatedTask child = thread.fork();

        known.equalsTheKernel();
        assertThat(known.descriptor(child, 0).kind()).isEqualTo(Kind.FILE);
    }

    @Test
    void aTableThatOnlyAThreadStillUsesHasAnOwner() {
        SimulatedTask sharer = server.forkSharingTable();
        SimulatedTask thread = sharer.thread();
        long shared = thread.table();
        sharer.unshare();

        server.exit(0);

        assertThat(tracker.owner(shared)).contains(known.process(sharer));
        SimulatedTask[] late = new SimulatedTask[1];
        known.node.unseen(() -> late[0] = thread.forkSharingTable());
        assertThatCode(known::heal).doesNotThrowAnyException();
    }
}
