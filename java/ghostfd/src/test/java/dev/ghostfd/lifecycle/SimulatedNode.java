/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.DescriptorSnapshot;
import dev.ghostfd.event.Event;
import dev.ghostfd.event.EventBuilder;
import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;
import dev.ghostfd.event.SnapshotBuilder;
import dev.ghostfd.event.TaskSnapshot;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A node whose processes tests move: it keeps the true tables, tells of every change in the records that the real
 * kernel side writes, and is read by snapshot as the real iterators read. Every record takes a millisecond.
 */
public final class SimulatedNode {
    public static final long SECOND = 1_000_000_000L;
    private static final long MILLISECOND = 1_000_000L;
    static final long PTMX = 5;
    private static final long KEY = 0x9E3779B97F4A7C15L;

    private enum Delivery {
        AT_ONCE,
        HELD,
        LOST
    }

    /** An open file description. */
    record OpenFile(long identity, Kind kind, int flags, long inode) {}

    /** A descriptor table. */
    static final class Table {
        final long identity;
        final TreeMap<Integer, OpenFile> files = new TreeMap<>();

        Table(long identity) {
            this.identity = identity;
        }
    }

    private interface Reader {
        void accept(EventBuilder record);
    }

    private record Content(int buffered, int consumed) {}

    private final Reader reader;
    private final Map<Integer, SimulatedTask> processes = new TreeMap<>();
    private final Map<Long, Content> contents = new HashMap<>();
    private final Queue<EventBuilder> held = new ArrayDeque<>();
    final SimulatedPeers peers = new SimulatedPeers(this);
    private Delivery delivery = Delivery.AT_ONCE;
    private long time = 1_000 * SECOND;
    private long identities;
    private long inodes = 100;
    private int pids = 100;

    /** A node that tells its events to this reader. */
    public SimulatedNode(Consumer<Event> reader) {
        this((Reader) record -> reader.accept(record.event()));
    }

    private SimulatedNode(Reader reader) {
        this.reader = reader;
    }

    /** A node that tells its events as the records that stand in the ring. */
    public static SimulatedNode ofRecords(Consumer<MemorySegment> reader) {
        return new SimulatedNode((Reader) record -> reader.accept(record.memory()));
    }

    /** CLOCK_BOOTTIME nanoseconds. */
    public long time() {
        return time;
    }

    public void pass(long nanos) {
        time += nanos;
    }

    /** A process that runs already; no event tells of its start. */
    public SimulatedTask running(String comm) {
        return running(comm, nextPid(), 0);
    }

    /** A process that runs already, with a given parent; 0 for one that is not known. */
    public SimulatedTask running(String comm, int pid, int parent) {
        SimulatedTask task = new SimulatedTask(this, pid, tick(), parent, new Table(nextIdentity()), comm);
        processes.put(pid, task);
        return task;
    }

    /** What happens meanwhile stays in the ring until {@link #deliver}. */
    public void hold() {
        delivery = Delivery.HELD;
    }

    public void deliver() {
        delivery = Delivery.AT_ONCE;
        for (EventBuilder record = held.poll(); record != null; record = held.poll()) {
            reader.accept(record);
        }
    }

    /** Does something of which no event arrives. */
    public void unseen(Runnable action) {
        Delivery before = delivery;
        delivery = Delivery.LOST;
        action.run();
        delivery = before;
    }

    void tell(EventBuilder record) {
        record.time(tick());
        switch (delivery) {
            case AT_ONCE -> reader.accept(record);
            case HELD -> held.add(record);
            case LOST -> {}
        }
    }

    long tick() {
        time += MILLISECOND;
        return time;
    }

    long nextIdentity() {
        return ++identities * KEY;
    }

    long nextInode() {
        return ++inodes;
    }

    int nextPid() {
        return ++pids;
    }

    void add(SimulatedTask process) {
        processes.put(process.pid(), process);
    }

    void remove(SimulatedTask process) {
        processes.remove(process.pid(), process);
    }

    void orphansOf(int pid) {
        processes.values().stream().filter(process -> process.parent == pid).forEach(process -> process.parent = 1);
    }

    boolean isShared(Table table, SimulatedTask user) {
        return allTasks().stream().anyMatch(other -> other != user && other.table == table);
    }

    /** Sets what lies unread in a pipe, and how many buffers were read from it ever. */
    public void content(long inode, int buffered, int consumed) {
        contents.put(inode, new Content(buffered, consumed));
    }

    private boolean isHeld(long inode) {
        return openFiles().anyMatch(file -> file.inode() == inode);
    }

    private Stream<OpenFile> openFiles() {
        return allTasks().stream()
                .filter(task -> !task.leader.isZombie())
                .flatMap(task -> task.table.files.values().stream());
    }

    private List<SimulatedTask> allTasks() {
        List<SimulatedTask> tasks = new ArrayList<>();
        for (SimulatedTask process : processes.values()) {
            tasks.add(process);
            tasks.addAll(process.threads);
        }
        return tasks;
    }

    /** Living processes by pid. */
    Map<Integer, SimulatedTask> alive() {
        Map<Integer, SimulatedTask> alive = new TreeMap<>(processes);
        alive.values().removeIf(SimulatedTask::isZombie);
        return alive;
    }

    /** The tables that some living task uses. */
    Set<Table> tables() {
        return allTasks().stream()
                .filter(task -> !task.leader.isZombie())
                .map(task -> task.table)
                .collect(Collectors.toSet());
    }

    /** Processes that exited and were not reaped, by pid. */
    List<SimulatedTask> zombies() {
        return processes.values().stream().filter(SimulatedTask::isZombie).toList();
    }

    /** As iter/task shows it. */
    public void tasks(Consumer<TaskSnapshot> out) {
        for (SimulatedTask process : processes.values()) {
            out.accept(record(process));
            process.threads.stream()
                    .filter(thread -> thread.table != process.table)
                    .forEach(thread -> out.accept(record(thread)));
        }
    }

    private TaskSnapshot record(SimulatedTask task) {
        SimulatedTask leader = task.leader;
        SnapshotBuilder.Task record = new SnapshotBuilder.Task(tick(), leader.pid(), task.tid, leader.start)
                .parent(leader.parent)
                .limits(1024, 4096)
                .cgroup(1)
                .comm(leader.comm);
        if (leader.isZombie()) {
            return record.zombie(leader.status).record();
        }
        return record.table(task.table.identity).record();
    }

    /** As iter/task_file shows it. */
    public void descriptors(Consumer<DescriptorSnapshot> out) {
        for (SimulatedTask task : allTasks()) {
            if (!task.leader.isZombie() && (task == task.leader || task.table != task.leader.table)) {
                task.table.files.forEach((fd, file) -> out.accept(record(task, fd, file)));
            }
        }
    }

    private DescriptorSnapshot record(SimulatedTask task, int fd, OpenFile file) {
        Content content = contents.getOrDefault(file.inode(), new Content(0, 0));
        return new SnapshotBuilder.Descriptor(tick(), task.table.identity, fd)
                .task(task.pid(), task.tid)
                .file(
                        file.kind(),
                        file.flags() | (peers.isGone(file, this::isHeld) ? Flags.PEER_CLOSED : 0),
                        file.inode(),
                        file.identity())
                .ends(file.inode(), peers.identity(file))
                .pipe(
                        holders(file.inode(), Flags.READ),
                        holders(file.inode(), Flags.WRITE),
                        content.buffered(),
                        content.consumed())
                .record();
    }

    boolean isUnread(long inode) {
        return contents.containsKey(inode) && contents.get(inode).buffered() != 0;
    }

    int holders(long inode, int side) {
        return (int) openFiles()
                .filter(file -> file.kind().isPipe() && file.inode() == inode && (file.flags() & side) != 0)
                .distinct()
                .count();
    }

    /** As iter/task_file shows it when asked for candidates only. */
    public void candidates(Set<Long> watched, Consumer<DescriptorSnapshot> out) {
        descriptors(record -> {
            boolean orphaned = Kind.of(record.kind()).isPipe() && (record.readers() == 0 || record.writers() == 0);
            if (orphaned || record.has(Flags.PEER_CLOSED) || watched.contains(record.inode())) {
                out.accept(record);
            }
        });
    }

    /** Takes a whole snapshot into a tracker. */
    public void snapshot(Tracker tracker, Origin origin) {
        SnapshotMerge merge = tracker.merge();
        merge.begin(tick(), origin);
        tasks(merge::task);
        descriptors(merge::descriptor);
        tasks(merge::recheck);
        merge.end();
    }
}
