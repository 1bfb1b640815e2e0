/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.Kind;
import org.junit.jupiter.api.Test;

/**
 * The iterator goes from task to task and from number to number while they live on. What a walk did not show is only gone
 * if the task still has the table after it: whoever leaves a table in the middle of his walk shows but a part of it.
 */
class TableMergeTest {
    private static final int FILES = 6;

    private final Known known = new Known();
    private final SimulatedNode node = known.node;
    private final Tracker tracker = known.tracker;
    private final SimulatedTask server = node.running("server");

    /** The walker has shown two of its numbers when this happens; afterwards it has nothing more to show. */
    private void duringTheWalkOf(SimulatedTask walker, Runnable happens) {
        SnapshotMerge merge = tracker.merge();
        node.hold();
        merge.begin(node.tick(), Origin.SNAPSHOT);
        node.tasks(merge::task);
        int[] shown = {0};
        node.descriptors(record -> {
            if (record.tid() != walker.tid || ++shown[0] <= 2) {
                merge.descriptor(record);
            }
        });
        happens.run();
        node.tasks(merge::recheck);
        merge.end();
    }

    private void readOn() {
        node.deliver();
        known.settle();
    }

    private void openFiles() {
        for (int i = 0; i < FILES; i++) {
            server.open(Kind.FILE);
        }
        known.baseline();
    }

    private long repaired() {
        return tracker.merge().repairs(Kind.FILE);
    }

    @Test
    void aTaskThatExitsRemovesNothing() {
        openFiles();
        SimulatedTask sharer = server.forkSharingTable();

        duringTheWalkOf(server, () -> server.exit(0));

        assertThat(tracker.holdings().open(known.process(sharer))).isEqualTo(FILES);
        readOn();
        known.equalsTheKernel();
        assertThat(repaired()).isZero();
    }

    @Test
    void aTaskThatExitsAloneKeepsWhatItHadUntilItsExitIsRead() {
        openFiles();

        duringTheWalkOf(server, () -> server.exit(0));

        assertThat(tracker.holdings().open(known.process(server))).isEqualTo(FILES);
        readOn();
        known.equalsTheKernel();
        assertThat(repaired()).isZero();
    }

    @Test
    void aTaskThatLeavesItsTableByExecRemovesNothingFromIt() {
        openFiles();
        SimulatedTask sharer = server.forkSharingTable();

        duringTheWalkOf(server, () -> server.exec("other"));

        assertThat(tracker.owner(sharer.table())).isPresent();
        assertThat(tracker.descriptor(sharer.table(), FILES - 1)).isPresent();
        readOn();
        known.equalsTheKernel();
        assertThat(repaired()).isZero();
    }

    @Test
    void aTaskThatUnsharesItsTableRemovesNothingFromIt() {
        openFiles();
        SimulatedTask sharer = server.forkSharingTable();

        duringTheWalkOf(server, server::unshare);

        assertThat(tracker.descriptor(sharer.table(), FILES - 1)).isPresent();
        readOn();
        known.heal();
        known.equalsTheKernel();
        assertThat(repaired()).isZero();
    }

    @Test
    void aTableThatNobodyConfirmedIsLookedAtAgain() {
        openFiles();

        duringTheWalkOf(server, () -> server.exec("other"));
        assertThat(tracker.hasDoubtfulTables()).isFalse();
        readOn();
        duringTheWalkOf(server, () -> server.exit(0));

        assertThat(tracker.hasDoubtfulTables()).isTrue();
    }

    @Test
    void aTaskThatStillHasItsTableHasShownAllOfIt() {
        openFiles();
        node.unseen(() -> server.close(4, 5));
        SnapshotMerge merge = tracker.merge();

        merge.begin(node.tick(), Origin.SNAPSHOT);
        node.tasks(merge::task);
        node.descriptors(merge::descriptor);
        node.tasks(merge::recheck);
        merge.end();
        known.settle();

        known.equalsTheKernel();
        assertThat(repaired()).isEqualTo(2);
    }

    @Test
    void aTableWithoutDescriptorsIsEmptied() {
        openFiles();
        node.unseen(() -> server.closeRange(0, -1));
        SnapshotMerge merge = tracker.merge();

        merge.begin(node.tick(), Origin.SNAPSHOT);
        node.tasks(merge::task);
        node.descriptors(merge::descriptor);
        node.tasks(merge::recheck);
        merge.end();
        known.settle();

        known.equalsTheKernel();
        assertThat(repaired()).isEqualTo(FILES);
    }

    @Test
    void anExitFromATableThatOthersUseLeavesItToThem() {
        openFiles();
        SimulatedTask[] sharer = new SimulatedTask[1];
        node.unseen(() -> sharer[0] = server.forkSharingTable());

        server.exit(0);

        assertThat(tracker.strayEvents()).isPositive();
        known.heal();
        known.equalsTheKernel();
        assertThat(tracker.holdings().open(known.process(sharer[0]))).isEqualTo(FILES);
    }
}
