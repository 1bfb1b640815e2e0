/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;
import dev.ghostfd.lifecycle.SimulatedNode;
import dev.ghostfd.lifecycle.SimulatedTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rule orphaned-pipe: what it must not flag. */
class HarmlessPipesTest {
    private final Watch watch = new Watch();
    private final SimulatedNode node = watch.node;
    private final SimulatedTask shell = watch.started("shell");
    private final SimulatedTask[] child = new SimulatedTask[1];

    @AfterEach
    void nothingIsFound() {
        assertThat(watch.sweepFor(3 * Watch.GRACE)).isEmpty();
        assertThat(watch.detector.totals()).isEmpty();
    }

    @Test
    void theSlowConsumerOfAShellPipeline() {
        SimulatedTask.Ends pipe = shell.pipe();
        SimulatedTask producer = Watch.spawnWriter(shell, pipe);
        SimulatedTask consumer = shell.fork();
        consumer.dup2(pipe.read(), 100);
        consumer.closeRange(0, 99);
        consumer.dup2(100, 0);
        consumer.exec("sort", 100);
        shell.close(pipe.read(), pipe.write());

        producer.exitAndBeReaped(0);
    }

    @Test
    void aSlowConsumerThatIsTheProducersParent() {
        SimulatedTask.Ends pipe = shell.pipe();
        shell.dup2(pipe.read(), 100);
        shell.close(0);
        shell.dup2(100, 0);
        shell.close(100);
        shell.exec("consumer");
        SimulatedTask producer = shell.fork();
        producer.exec("producer", 0);
        shell.close(pipe.write());

        producer.exitAndBeReaped(0);
    }

    @Test
    void aShellLoopThatReadsWhatItsSiblingWrote() {
        SimulatedTask.Ends pipe = shell.pipe();
        SimulatedTask producer = Watch.spawnWriter(shell, pipe);
        SimulatedTask loop = shell.fork();
        loop.close(pipe.write());
        shell.close(pipe.read(), pipe.write());

        producer.exitAndBeReaped(0);
    }

    @Test
    void anEndThatIsStillBeingDrained() {
        SimulatedTask.Ends pipe = Watch.spawnWithOutput(shell, child);
        child[0].exitAndBeReaped(0);
        for (int read = 0; read < 20; read++) {
            node.content(pipe.inode(), 65_536 - 1000 * read, read);
            assertThat(watch.sweep()).isEmpty();
            node.pass(5 * SimulatedNode.SECOND);
        }
        shell.close(pipe.read());
    }

    @Test
    void aPipeThatNoChildEverHad() {
        SimulatedTask.Ends pipe = shell.pipe();
        shell.close(pipe.write());

        SimulatedTask other = shell.fork();
        other.exec("child");
        other.exitAndBeReaped(0);
    }

    @Test
    void aPipeWhoseOtherEndChildrenOnlyHadUntilTheirExec() {
        SimulatedTask.Ends pipe = shell.pipe();
        SimulatedTask other = shell.fork();
        other.exec("child", pipe.read(), pipe.write());
        other.exitAndBeReaped(0);
        shell.close(pipe.write());
    }

    @Test
    void aSelfPipe() {
        shell.pipe();

        SimulatedTask worker = shell.fork();
        worker.exitAndBeReaped(0);
    }

    @Test
    void aChildThatLivesOnWithoutTheEndItWasGiven() {
        Watch.spawnWithOutput(shell, child);
        child[0].close(1);
    }

    @Test
    void anEndWhoseOtherSideOnlyASiblingHad() {
        SimulatedTask.Ends pipe = shell.pipe();
        SimulatedTask reader = shell.fork();
        reader.dup2(pipe.read(), 100);
        reader.closeRange(0, 99);
        reader.exec("reader");
        SimulatedTask writer = Watch.spawnWriter(shell, pipe);
        shell.close(pipe.read(), pipe.write());

        writer.exitAndBeReaped(0);
    }

    @Test
    void aFifoOpenForBothDirections() {
        shell.open(Kind.FIFO, Flags.READ | Flags.WRITE, 88);
        SimulatedTask other = shell.fork();
        other.exec("child");
        other.exitAndBeReaped(0);
    }

    @Test
    void anEndThatIsClosedWithinTheGrace() {
        SimulatedTask.Ends pipe = Watch.spawnWithOutput(shell, child);
        child[0].exitAndBeReaped(0);
        node.pass(Watch.GRACE - SimulatedNode.SECOND);
        assertThat(watch.sweep()).isEmpty();

        shell.close(pipe.read());
    }

    @Test
    void aPipeHandedToALaterChildAsWell() {
        SimulatedTask.Ends pipe = shell.pipe();
        Watch.spawnWriter(shell, pipe).exitAndBeReaped(0);
        Watch.spawnWriter(shell, pipe);

        shell.close(pipe.write());
    }

    @Test
    void aStandardStreamFromBeforeStart() {
        SimulatedTask old = node.running("old");
        node.unseen(() -> old.close(old.pipe().write()));
        watch.baseline();
    }
}
