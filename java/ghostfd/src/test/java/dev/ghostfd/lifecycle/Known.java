/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.event.Event;
import dev.ghostfd.event.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A simulated node, what the tracker knows of it, and what it told its listener. */
final class Known implements LifecycleListener {
    final Tracker tracker = new Tracker(this);
    final SimulatedNode node;
    final List<Event> told = new ArrayList<>();
    final List<Long> bereaved = new ArrayList<>();
    final List<Long> returned = new ArrayList<>();
    final List<String> orphaned = new ArrayList<>();

    Known() {
        node = new SimulatedNode(event -> {
            told.add(event);
            tracker.apply(event);
        });
    }

    /** Tells the newest events once more. */
    void tellAgain(int count) {
        List.copyOf(told.subList(told.size() - count, told.size())).forEach(tracker::apply);
    }

    /** A process that was there before tracing began. */
    SimulatedTask started(String comm) {
        SimulatedTask task = node.running(comm);
        baseline();
        return task;
    }

    void baseline() {
        node.snapshot(tracker, Origin.BEFORE_START);
    }

    /** Merges a snapshot, and counts what it repaired. */
    void heal() {
        node.snapshot(tracker, Origin.SNAPSHOT);
        settle();
    }

    /** The ring has been read past the snapshot. */
    void settle() {
        tracker.merge().settle();
    }

    TrackedProcess process(SimulatedTask task) {
        return tracker.process(task.pid()).orElseThrow();
    }

    DescriptorView descriptor(SimulatedTask task, int fd) {
        return tracker.descriptor(task.table(), fd).orElseThrow();
    }

    Channel pipe(SimulatedTask.Ends ends) {
        return tracker.channel(Kind.PIPE, ends.inode()).orElseThrow();
    }

    /** Every pipe that a process of the node holds, as it is known here. */
    Set<Channel> pipes() {
        return node.alive().values().stream()
                .flatMap(task -> task.table.files.values().stream())
                .filter(file -> file.kind().isPipe())
                .flatMap(file -> tracker.channel(file.kind(), file.inode()).stream())
                .collect(Collectors.toSet());
    }

    /** The same living processes with the same names, and in each the same numbers for the same things. */
    void equalsTheKernel() {
        Map<Integer, Map<Integer, String>> kernel = new TreeMap<>();
        Map<Integer, Map<Integer, String>> here = new TreeMap<>();
        node.alive().forEach((pid, task) -> {
            Map<Integer, String> fds = kernel.computeIfAbsent(pid, _ -> new TreeMap<>());
            task.table.files.forEach((fd, file) -> fds.put(fd, file.kind() + " " + file.inode()));
        });
        tracker.forEachProcess(process -> {
            if (!process.hasExited()) {
                here.put(
                        process.id().pid(),
                        tracker.holdings().descriptors(process).stream()
                                .collect(Collectors.toMap(
                                        DescriptorView::fd,
                                        view -> view.kind() + " " + view.inode(),
                                        (one, _) -> one,
                                        TreeMap::new)));
            }
        });
        assertThat(here).isEqualTo(kernel);
        assertThat(node.tables())
                .allMatch(table -> tracker.owner(table.identity).isPresent());
        assertThat(tracker.descriptorCount())
                .isEqualTo(node.tables().stream()
                        .mapToLong(table -> table.files.size())
                        .sum());
    }

    /** Whether nothing is known any more of a process. */
    boolean isGone(SimulatedTask task) {
        return tracker.process(task.pid())
                .filter(process -> process.id().equals(task.id()))
                .isEmpty();
    }

    @Override
    public void receiversGone(Channel channel) {
        for (End end : List.of(End.READ, End.WRITE)) {
            String name = end.label() + " end of " + channel.inode();
            if (channel.side(end, 0).allExited() && !orphaned.contains(name)) {
                orphaned.add(name);
            }
        }
    }

    @Override
    public void childGone(Channel channel) {
        bereaved.add(channel.inode());
    }

    @Override
    public void returned(Gift gift) {
        returned.add(gift.inode());
    }
}
