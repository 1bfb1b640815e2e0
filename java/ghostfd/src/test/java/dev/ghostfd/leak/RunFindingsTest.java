/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.Kind;
import dev.ghostfd.lifecycle.DescriptorView;
import dev.ghostfd.lifecycle.Origin;
import dev.ghostfd.lifecycle.SimulatedNode;
import dev.ghostfd.lifecycle.SimulatedTask;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a run has to answer for, though its processes are gone by the time anybody asks. */
class RunFindingsTest {
    private static final long GRACE = SimulatedNode.SECOND;

    private static final TracingOptions OPTIONS = new TracingOptions(GRACE, GRACE / 4, 60 * GRACE, 60 * GRACE);

    private final RunFindings findings = new RunFindings(OPTIONS, true);
    private final SimulatedNode node =
            SimulatedNode.ofRecords(record -> findings.event(record, 0, (int) record.byteSize()));

    private SimulatedTask started() {
        SimulatedTask root = node.running("root");
        node.snapshot(findings.analysis().detector().tracker(), Origin.BEFORE_START);
        findings.endMerge(node.time());
        SimulatedTask program = root.fork();
        program.open(Kind.DEVICE);
        program.open(Kind.DEVICE);
        program.open(Kind.DEVICE);
        program.exec("program");
        return program;
    }

    private void sweep() {
        Detector detector = findings.analysis().detector();
        node.tasks(detector::task);
        node.candidates(detector.watchedInodes(), detector::candidate);
        findings.endSweep(node.time());
    }

    private static SimulatedTask.Ends leak(SimulatedTask parent) {
        SimulatedTask[] child = new SimulatedTask[1];
        SimulatedTask.Ends pipe = Watch.spawnWithOutput(parent, child);
        child[0].exitAndBeReaped(0);
        return pipe;
    }

    @Test
    void keepsAFindingThatStandsWhenItsProcessExits() {
        SimulatedTask program = started();
        SimulatedTask.Ends pipe = leak(program);
        node.pass(2 * GRACE);
        sweep();
        program.exitAndBeReaped(0);
        sweep();
        assertThat(findings.result().leaks()).singleElement().satisfies(leak -> {
            assertThat(leak.rule().label()).isEqualTo("orphaned-pipe");
            assertThat(leak.confidence()).isEqualTo(Confidence.CONFIRMED);
            assertThat(leak.process().id()).isEqualTo(program.id());
            assertThat(leak.descriptor().orElseThrow().view().fd()).isEqualTo(pipe.read());
        });
    }

    @Test
    void takesAFindingBackWhenItsProcessGoesOnWithoutTheDescriptor() {
        SimulatedTask program = started();
        SimulatedTask.Ends pipe = leak(program);
        node.pass(2 * GRACE);
        sweep();
        program.close(pipe.read());
        sweep();
        assertThat(findings.result().leaks()).isEmpty();
        node.pass(2 * GRACE);
        program.exitAndBeReaped(0);
        sweep();
        assertThat(findings.result().leaks()).isEmpty();
    }

    @Test
    void doesNotTakeAFindingBackThatIsClosedWhileWindingUp() {
        SimulatedTask program = started();
        SimulatedTask.Ends pipe = leak(program);
        node.pass(2 * GRACE);
        sweep();
        program.close(pipe.read());
        sweep();
        node.pass(GRACE / 2);
        program.exitAndBeReaped(0);
        sweep();
        assertThat(findings.result().leaks()).hasSize(1);
    }

    @Test
    void judgesAProcessThatLivedForLessThanTheGrace() {
        SimulatedTask program = started();
        leak(program);
        node.pass(GRACE / 10);
        program.exitAndBeReaped(0);
        sweep();
        assertThat(findings.result().leaks())
                .singleElement()
                .satisfies(leak -> assertThat(leak.confidence()).isEqualTo(Confidence.CONFIRMED));
    }

    @Test
    void judgesAProcessThatTookLongToStartAndLeakedShortly() {
        SimulatedTask program = started();
        node.pass(10 * GRACE);
        leak(program);
        node.pass(GRACE / 5);
        program.exitAndBeReaped(0);
        assertThat(findings.result().leaks()).hasSize(1);
    }

    @Test
    void onlySuspectsAnEndThatBytesLieUnreadIn() {
        SimulatedTask program = started();
        SimulatedTask.Ends pipe = leak(program);
        node.content(pipe.inode(), 12, 0);
        node.pass(GRACE / 10);
        program.exitAndBeReaped(0);
        assertThat(findings.result().leaks())
                .singleElement()
                .satisfies(leak -> assertThat(leak.confidence()).isEqualTo(Confidence.SUSPECTED));
    }

    @Test
    void forgivesWhatIsLeftOpenWhileWindingUp() {
        SimulatedTask program = started();
        SimulatedTask[] worker = new SimulatedTask[1];
        Watch.spawnWithOutput(program, worker);
        node.pass(10 * GRACE);
        worker[0].exitAndBeReaped(0);
        node.pass(GRACE / 20);
        program.exitAndBeReaped(0);
        sweep();
        assertThat(findings.result().leaks()).isEmpty();
    }

    @Test
    void tellsADescriptorUnderOneRuleOnly() {
        SimulatedTask program = started();
        SimulatedTask[] child = new SimulatedTask[1];
        Watch.spawnWithOutput(program, child);
        SimulatedTask grandchild = child[0].fork();
        child[0].exitAndBeReaped(0);
        node.pass(2 * GRACE);
        sweep();
        assertThat(findings.result().leaks()).extracting(Leak::rule).containsExactly(Rule.INHERITED_PIPE);
        grandchild.exitAndBeReaped(0);
        node.pass(GRACE / 2);
        program.exitAndBeReaped(0);
        sweep();
        assertThat(findings.result().leaks()).hasSize(1);
    }

    @Test
    void doesNotCallATableEndedThatAnotherProcessUses() {
        SimulatedTask program = started();
        SimulatedTask sharer = program.forkSharingTable();
        leak(program);
        node.pass(2 * GRACE);
        program.exitAndBeReaped(0);
        assertThat(findings.result().leaks()).isEmpty();
        assertThat(findings.result().ends()).isEmpty();
        sharer.exitAndBeReaped(0);
    }

    @Test
    void keepsAChildThatWasNeverReaped() {
        SimulatedTask program = started();
        SimulatedTask zombie = program.fork();
        zombie.exit(0);
        node.pass(2 * GRACE);
        sweep();
        program.exit(0);
        zombie.reaped();
        sweep();
        assertThat(findings.result().leaks())
                .singleElement()
                .satisfies(leak -> assertThat(leak.rule().label()).isEqualTo("unreaped-child"));
    }

    @Test
    void listsWhatAProcessOpenedAndHadOpenAtItsExit() {
        SimulatedTask program = started();
        int inherited = program.open(Kind.FILE);
        SimulatedTask child = program.fork();
        int own = child.open(Kind.SOCKET);
        child.exitAndBeReaped(3);
        List<ProcessEnd> ends = findings.result().ends();
        assertThat(ends).singleElement().satisfies(end -> {
            assertThat(end.process().id()).isEqualTo(child.id());
            assertThat(end.status().code()).isEqualTo(3);
            assertThat(end.held()).extracting(DescriptorView::fd).containsExactly(own);
        });
        assertThat(inherited).isNotEqualTo(own);
    }

    @Test
    void listsNothingUnlessAsked() {
        RunFindings silent = new RunFindings(OPTIONS, false);
        SimulatedNode other = SimulatedNode.ofRecords(record -> silent.event(record, 0, (int) record.byteSize()));
        SimulatedTask root = other.running("root");
        other.snapshot(silent.analysis().detector().tracker(), Origin.BEFORE_START);
        SimulatedTask child = root.fork();
        child.open(Kind.SOCKET);
        child.exitAndBeReaped(0);
        assertThat(silent.result().ends()).isEmpty();
        assertThat(silent.result().processes()).isEqualTo(1);
    }
}
