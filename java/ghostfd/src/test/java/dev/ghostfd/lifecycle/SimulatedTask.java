/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.EventBuilder;
import dev.ghostfd.event.EventType;
import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A thread of a {@link SimulatedNode}; the first thread stands for its process. Its methods are its system calls. */
public final class SimulatedTask {
    /** The numbers of a new pipe, and its inode. */
    public record Ends(int read, int write, long inode) {}

    /** The numbers of a new socketpair, and their inodes. */
    public record Sockets(int one, int other, long inode, long peerInode) {}

    private final SimulatedNode node;
    final SimulatedTask leader;
    final int tid;
    final long start;
    final List<SimulatedTask> threads = new ArrayList<>();
    SimulatedNode.Table table;
    int parent;
    String comm;
    int status;
    private boolean zombie;

    SimulatedTask(SimulatedNode node, int pid, long start, int parent, SimulatedNode.Table table, String comm) {
        this.node = node;
        this.leader = this;
        this.tid = pid;
        this.start = start;
        this.parent = parent;
        this.table = table;
        this.comm = comm;
    }

    private SimulatedTask(SimulatedTask leader, int tid, SimulatedNode.Table table) {
        this.node = leader.node;
        this.leader = leader;
        this.tid = tid;
        this.start = leader.start;
        this.table = table;
    }

    public int pid() {
        return leader.tid;
    }

    public ProcessId id() {
        return new ProcessId(pid(), start);
    }

    /** Identity of its table. */
    public long table() {
        return table.identity;
    }

    boolean isZombie() {
        return zombie;
    }

    private EventBuilder record(int type) {
        return EventBuilder.of(type).table(table.identity).by(pid(), tid);
    }

    private void set(int fd, SimulatedNode.OpenFile file) {
        table.files.put(fd, file);
        node.tell(fill(record(EventType.OPEN), fd, file));
    }

    private static EventBuilder fill(EventBuilder record, int fd, SimulatedNode.OpenFile file) {
        return record.fd(fd)
                .kind(file.kind().ordinal())
                .flags(file.flags())
                .inode(file.inode())
                .file(file.identity());
    }

    private int free() {
        return IntStream.iterate(0, fd -> fd + 1)
                .filter(fd -> !table.files.containsKey(fd))
                .findFirst()
                .orElseThrow();
    }

    /** Opens something new under the lowest free number. */
    public int open(Kind kind) {
        return open(kind, Flags.READ | Flags.WRITE, node.nextInode());
    }

    public int open(Kind kind, int flags, long inode) {
        int fd = free();
        set(fd, new SimulatedNode.OpenFile(node.nextIdentity(), kind, flags, inode));
        return fd;
    }

    public Ends pipe() {
        long inode = node.nextInode();
        int read = open(Kind.PIPE, Flags.READ, inode);
        return new Ends(read, open(Kind.PIPE, Flags.WRITE, inode), inode);
    }

    /** socketpair(2); each end has an inode of its own. */
    public Sockets socketpair() {
        int flags = Flags.READ | Flags.WRITE | Flags.PAIR;
        long inode = node.nextInode();
        long peerInode = node.nextInode();
        int one = open(Kind.SOCKET, flags, inode);
        int other = open(Kind.SOCKET, flags, peerInode);
        node.peers.pair(inode, peerInode);
        node.tell(record(EventType.PAIR).inode(inode).peerInode(peerInode));
        return new Sockets(one, other, inode, peerInode);
    }

    /** A new pty: its master side, which has the inode of /dev/ptmx as all masters do. */
    public int ptmx() {
        int fd = open(Kind.PTY, Flags.READ | Flags.WRITE | Flags.MASTER, SimulatedNode.PTMX);
        node.peers.newTerminal(table.files.get(fd).identity());
        return fd;
    }

    /** The terminal side of the pty behind a master. */
    public int openTerminal(int master) {
        long inode = node.peers.openTerminal(table.files.get(master).identity());
        return open(Kind.PTY, Flags.READ | Flags.WRITE, inode);
    }

    /** pidfd_open(2). */
    public int pidfd(SimulatedTask process) {
        long inode = node.nextInode();
        node.peers.point(inode, process);
        return open(Kind.PIDFD, Flags.READ | Flags.WRITE, inode);
    }

    public void dup2(int from, int to) {
        set(to, table.files.get(from));
    }

    /** Another process's descriptor, sent over a socket. */
    public void receive(SimulatedTask sender, int fd) {
        set(free(), sender.table.files.get(fd));
    }

    public void close(int... fds) {
        for (int fd : fds) {
            node.tell(record(EventType.CLOSE).fd(fd));
            table.files.remove(fd);
        }
    }

    public void closeRange(int first, int last) {
        node.tell(record(EventType.CLOSE_RANGE).fd(first).last(last));
        table.files
                .subMap(first, true, last < 0 ? Integer.MAX_VALUE : last, true)
                .clear();
    }

    private SimulatedNode.Table copyOfTable() {
        SimulatedNode.Table copy = new SimulatedNode.Table(node.nextIdentity());
        copy.files.putAll(table.files);
        return copy;
    }

    public SimulatedTask fork() {
        return fork(node.nextPid());
    }

    public SimulatedTask fork(int pid) {
        return fork(pid, copyOfTable());
    }

    /** clone with CLONE_FILES: the child shares the table. */
    public SimulatedTask forkSharingTable() {
        return fork(node.nextPid(), table);
    }

    private SimulatedTask fork(int pid, SimulatedNode.Table childTable) {
        SimulatedTask child = new SimulatedTask(node, pid, node.tick(), pid(), childTable, leader.comm);
        node.add(child);
        node.tell(EventBuilder.of(EventType.FORK)
                .flags(childTable != table && node.isShared(table, this) ? Flags.SHARED : 0)
                .table(childTable.identity)
                .by(pid(), tid)
                .source(table.identity)
                .child(pid, child.start, pid()));
        return child;
    }

    /** A thread that shares its process's table, as they do: no event tells of it. */
    public SimulatedTask thread() {
        SimulatedTask thread = new SimulatedTask(leader, node.nextPid(), table);
        leader.threads.add(thread);
        return thread;
    }

    /** A thread made by clone without CLONE_FILES. */
    public SimulatedTask threadWithOwnTable() {
        SimulatedTask thread = new SimulatedTask(leader, node.nextPid(), copyOfTable());
        leader.threads.add(thread);
        node.tell(EventBuilder.of(EventType.FORK)
                .flags(Flags.THREAD)
                .table(thread.table.identity)
                .by(pid(), tid)
                .source(table.identity)
                .child(thread.tid, start, leader.parent));
        return thread;
    }

    /** unshare(CLONE_FILES). */
    public void unshare() {
        SimulatedNode.Table source = table;
        if (!node.isShared(table, this)) {
            return;
        }
        table = copyOfTable();
        node.tell(record(EventType.TABLE_COPY)
                .flags(leader.threads.isEmpty() ? Flags.LAST_THREAD : 0)
                .source(source.identity));
    }

    /** Runs another program; the numbers given are close-on-exec. The calling thread becomes the first one. */
    public void exec(String program, int... closeOnExec) {
        leader.threads.clear();
        leader.table = table;
        leader.comm = program;
        if (node.isShared(table, leader)) {
            leader.table = copyOfTable();
        }
        IntStream.of(closeOnExec).forEach(leader.table.files::remove);
        node.tell(leader.record(EventType.EXEC).start(start).comm(program));
        leader.census(0);
    }

    private void census(int flags) {
        new TreeMap<>(table.files).forEach((fd, file) -> {
            EventBuilder record = fill(record(EventType.CENSUS), fd, file);
            if (file.kind().isPipe()) {
                record.pipe(node.holders(file.inode(), Flags.READ), node.holders(file.inode(), Flags.WRITE));
            }
            node.tell(record.flags(file.flags() | flags | (node.isUnread(file.inode()) ? Flags.UNREAD : 0)));
        });
        node.tell(record(EventType.CENSUS_END).flags(flags));
    }

    /** Exits with all its threads. */
    public void exit(int code) {
        threads.clear();
        census(Flags.EXITING);
        int shared = node.isShared(table, this) ? Flags.SHARED : 0;
        node.tell(record(EventType.EXIT)
                .flags(Flags.LAST_THREAD | shared)
                .start(start)
                .status(code << 8));
        status = code << 8;
        zombie = true;
        table = new SimulatedNode.Table(0);
        node.orphansOf(pid());
    }

    /** One thread exits; its process goes on. */
    public void exitThread() {
        if (!node.isShared(table, this)) {
            node.tell(record(EventType.EXIT).flags(Flags.THREAD).start(start));
        }
        leader.threads.remove(this);
    }

    /** Its parent has waited for it. */
    public void reaped() {
        node.remove(this);
        node.tell(EventBuilder.of(EventType.FREE).by(pid(), pid()).start(start));
    }

    public void exitAndBeReaped(int code) {
        exit(code);
        reaped();
    }

    /** The numbers in use. */
    public Set<Integer> fds() {
        return table.files.keySet().stream().collect(Collectors.toUnmodifiableSet());
    }
}
