/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.Kind;
import dev.ghostfd.lifecycle.Origin;
import dev.ghostfd.lifecycle.SimulatedNode;
import dev.ghostfd.lifecycle.SimulatedTask;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A simulated node under the eyes of the detector, which sweeps every five seconds as the daemon does. */
final class Watch {
    static final long GRACE = 30 * SimulatedNode.SECOND;
    static final long GROWTH_WINDOW = 300 * SimulatedNode.SECOND;
    private static final long SWEEP_INTERVAL = 5 * SimulatedNode.SECOND;

    final Detector detector = new Detector(GRACE, GROWTH_WINDOW);
    final SimulatedNode node = new SimulatedNode(event -> detector.tracker().apply(event));

    /** Tracing begins. */
    void baseline() {
        node.snapshot(detector.tracker(), Origin.BEFORE_START);
        detector.baselineDone(node.time());
    }

    /** A process from before tracing, with a terminal as its standard streams. */
    SimulatedTask running(String comm) {
        SimulatedTask task = node.running(comm);
        node.unseen(() -> {
            for (int fd = 0; fd <= 2; fd++) {
                task.open(Kind.PTY);
            }
        });
        return task;
    }

    SimulatedTask started(String comm) {
        SimulatedTask task = running(comm);
        baseline();
        return task;
    }

    /** One sweep; what is found. */
    List<Leak> sweep() {
        node.tasks(detector::task);
        Set<Long> watched = detector.watchedInodes();
        if (!watched.isEmpty() || detector.wantsCandidates()) {
            node.candidates(watched, detector::candidate);
        }
        detector.endSweep(node.time());
        return detector.leaks();
    }

    /** Sweeps on until this much time has passed; what is found in the last one. */
    List<Leak> sweepFor(long nanos) {
        long end = node.time() + nanos;
        List<Leak> found = sweep();
        while (node.time() < end) {
            node.pass(SWEEP_INTERVAL);
            found = sweep();
        }
        return found;
    }

    /** A little more than the grace, with sweeps all along. */
    List<Leak> sweepForGrace() {
        return sweepFor(GRACE + SimulatedNode.SECOND);
    }

    /** What the parent gets from StdoutPipe: it keeps the read end, the child has the write end as its number 1. */
    static SimulatedTask.Ends spawnWithOutput(SimulatedTask parent, SimulatedTask[] child) {
        SimulatedTask.Ends pipe = parent.pipe();
        child[0] = spawnWriter(parent, pipe);
        parent.close(pipe.write());
        return pipe;
    }

    /** A child that has nothing but the write end. */
    static SimulatedTask spawnWriter(SimulatedTask parent, SimulatedTask.Ends pipe) {
        SimulatedTask child = parent.fork();
        child.dup2(pipe.write(), 100);
        child.closeRange(0, 99);
        child.dup2(100, 1);
        child.exec("child", 100);
        return child;
    }

    Optional<LeakTotal> total(Rule rule) {
        return detector.totals().stream().filter(total -> total.rule() == rule).findFirst();
    }
}
