/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.lifecycle.SimulatedNode;
import dev.ghostfd.lifecycle.SimulatedTask;
import org.junit.jupiter.api.Test;

/** Rule orphaned-pipe: since when an end counts as dead. */
class GraceTest {
    private final Watch watch = new Watch();
    private final SimulatedNode node = watch.node;
    private final SimulatedTask shell = watch.started("shell");
    private final SimulatedTask[] child = new SimulatedTask[1];

    @Test
    void anEndWhoseLastBytesHaveJustBeenRead() {
        SimulatedTask.Ends pipe = Watch.spawnWithOutput(shell, child);
        child[0].exitAndBeReaped(0);
        for (int read = 0; read < 10; read++) {
            node.content(pipe.inode(), 40_960 - 4096 * read, read);
            assertThat(watch.sweep()).isEmpty();
            node.pass(5 * SimulatedNode.SECOND);
        }

        node.content(pipe.inode(), 0, 10);
        assertThat(watch.sweep()).isEmpty();
        node.pass(5 * SimulatedNode.SECOND);
        assertThat(watch.sweep()).isEmpty();

        assertThat(watch.sweepForGrace())
                .singleElement()
                .satisfies(leak -> assertThat(leak.confidence()).isEqualTo(Confidence.CONFIRMED));
    }

    @Test
    void aPipeFromBeforeStartThatHasOnlyJustBecomeAnOrphan() {
        SimulatedTask reader = watch.running("reader");
        SimulatedTask writer = watch.running("writer");
        node.unseen(() -> {
            SimulatedTask.Ends pipe = reader.pipe();
            writer.receive(reader, pipe.write());
            reader.close(pipe.write());
        });
        watch.baseline();
        /* Another leak keeps the sweeps looking. */
        Watch.spawnWithOutput(shell, child);
        child[0].exitAndBeReaped(0);
        watch.sweepFor(3 * Watch.GRACE);

        writer.exitAndBeReaped(0);

        assertThat(watch.sweep()).extracting(leak -> leak.process().comm()).containsExactly("shell");
    }

    @Test
    void anOrphanFromBeforeStartWithUnreadBytesIsFoundHoweverTheSweepsFall() {
        SimulatedTask reader = watch.running("reader");
        node.unseen(() -> {
            SimulatedTask.Ends pipe = reader.pipe();
            reader.close(pipe.write());
            node.content(pipe.inode(), 100, 0);
        });
        watch.baseline();
        node.pass(3 * SimulatedNode.SECOND);

        for (int i = 0; i < 10; i++) {
            watch.sweep();
            node.pass(7 * SimulatedNode.SECOND);
        }

        assertThat(watch.sweep())
                .singleElement()
                .satisfies(leak -> assertThat(leak.confidence()).isEqualTo(Confidence.SUSPECTED));
    }

    @Test
    void anExitNoticedLateDoesNotShortenTheGrace() {
        SimulatedTask.Ends pipe = shell.pipe();
        SimulatedTask first = shell.fork(500);
        first.dup2(pipe.write(), 100);
        first.closeRange(0, 99);
        first.exec("child");
        shell.close(pipe.write());
        node.pass(10 * Watch.GRACE);
        node.unseen(() -> first.exitAndBeReaped(0));

        shell.fork(500);

        assertThat(watch.sweep()).isEmpty();
        assertThat(watch.sweepForGrace()).hasSize(1);
    }
}
