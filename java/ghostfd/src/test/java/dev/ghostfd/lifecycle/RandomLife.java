/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A node on which random processes do random things, the same ones for the same seed. */
final class RandomLife {
    private static final int MOST_PROCESSES = 8;
    private static final int MOST_THREADS = 3;

    final Known known = new Known();
    private final SimulatedNode node = known.node;
    private final SimulatedTask init = node.running("init", 1, 0);
    private final Random random;

    RandomLife(long seed) {
        random = new Random(seed);
        known.baseline();
    }

    void live(int steps, double loss) {
        for (int i = 0; i < steps; i++) {
            if (random.nextDouble() < loss) {
                node.unseen(this::step);
            } else {
                step();
            }
        }
    }

    /** Once every process but the first is gone, nothing is kept. */
    void end() {
        Set<Channel> pipes = known.pipes();
        for (SimulatedTask process : List.copyOf(node.alive().values())) {
            if (process != init) {
                process.exit(0);
            }
        }
        init.exec("init");
        init.closeRange(0, -1);
        node.zombies().forEach(SimulatedTask::reaped);
        known.equalsTheKernel();
        assertThat(known.tracker.descriptorCount()).isZero();
        assertThat(known.tracker.processCount()).isEqualTo(1);
        assertThat(pipes).noneMatch(Channel::isHeld);
    }

    private void step() {
        List<SimulatedTask> alive = new ArrayList<>(node.alive().values());
        SimulatedTask task = alive.get(random.nextInt(alive.size()));
        if (!task.threads.isEmpty() && random.nextBoolean()) {
            task = task.threads.get(random.nextInt(task.threads.size()));
        }
        if (random.nextInt(16) < 8) {
            changeTable(task);
        } else {
            changeProcesses(task, alive.size() < MOST_PROCESSES);
        }
    }

    private void changeTable(SimulatedTask task) {
        int[] fds = task.fds().stream().mapToInt(Integer::intValue).sorted().toArray();
        int fd = fds.length == 0 ? -1 : fds[random.nextInt(fds.length)];
        int act = random.nextInt(8);
        if (act < 2) {
            task.open(random.nextBoolean() ? Kind.FILE : Kind.SOCKET);
        } else if (act < 4) {
            task.pipe();
        } else if (act == 4) {
            task.closeRange(random.nextInt(30), random.nextBoolean() ? -1 : 30 + random.nextInt(5));
        } else if (fd >= 0 && act == 5) {
            task.dup2(fd, random.nextInt(40));
        } else if (fd >= 0) {
            task.close(fd);
        }
    }

    private void changeProcesses(SimulatedTask task, boolean more) {
        int act = random.nextInt(8);
        if (more && act < 2) {
            task.fork();
        } else if (more && act == 2) {
            task.forkSharingTable();
        } else if (act < 5 && task == task.leader) {
            task.exec("p" + random.nextInt(100), 0, 3);
        } else if (act == 5 && task.leader.threads.isEmpty()) {
            task.unshare();
        } else if (act == 6) {
            changeThreads(task);
        } else if (task == task.leader && task != init && random.nextBoolean()) {
            task.exit(random.nextInt(4));
        } else {
            node.zombies().stream().findFirst().ifPresent(SimulatedTask::reaped);
        }
    }

    private void changeThreads(SimulatedTask task) {
        if (task != task.leader) {
            task.exitThread();
        } else if (task.threads.size() < MOST_THREADS) {
            if (random.nextBoolean()) {
                task.thread();
            } else {
                task.threadWithOwnTable();
            }
        }
    }
}
