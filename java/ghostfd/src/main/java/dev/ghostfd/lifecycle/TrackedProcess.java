/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A process, running, exited or remembered because it once had a pipe. Owned by the consumer thread. */
public final class TrackedProcess {
    /** Children that are gone for good and still listed. */
    private static final int REMEMBERED_CHILDREN = 32;

    private final ProcessId id;
    String comm;
    DescriptorTable table;

    /** Tables of threads that have one of their own, and tables that threads may have stayed behind with. */
    final List<ThreadTable> threadTables = new ArrayList<>(0);

    /** What the process got by fork, for as long as it has not run exec. */
    DescriptorTable inherited;

    /** Whether it has a table of its own from a fork that a snapshot overtook, so that nobody knows what it was born with. */
    boolean overtaken;

    /** What survived the exec under way, as far as the census has come. */
    DescriptorTable census;

    final List<Receipt> receipts = new ArrayList<>(4);

    /** What it has as stdio from whoever started it. */
    final List<Gift> gifts = new ArrayList<>(0);

    /** The same, as its program found it. */
    private List<Stdio> stdio = List.of();

    /** Who forked it; unlike the forebear it may be long gone. */
    private Optional<ProcessId> origin = Optional.empty();

    /** Of the exec under way: a bit for each standard descriptor that is a pipe end without a peer. */
    int deadStandard;

    /** Whether its program was started by exec while it was watched. */
    private int executions;

    final List<TrackedProcess> children = new ArrayList<>(0);

    /** The next one up that may still be alive; who forked this process, or that one's forebear once it has exited. */
    private TrackedProcess forebear;

    TrackedProcess parent;

    /** The last snapshot that showed it. */
    int round;

    /** The last snapshot in which one of its threads used its table. */
    int tableRound;

    long cgroup;
    int nsPid;
    long softLimit;
    long hardLimit;
    private boolean exited;
    private long exitedAt;
    private int waitStatus;
    private boolean reaped;
    private int reapedChildren;

    /** An end of a channel that this process received. */
    record Receipt(Channel channel, Channel.Side side) {}

    /** A table that belongs to one thread. */
    record ThreadTable(int tid, DescriptorTable table) {}

    TrackedProcess(ProcessId id, String comm, TrackedProcess forebear) {
        this.id = id;
        this.comm = comm;
        this.forebear = forebear;
        origin = Optional.ofNullable(forebear).map(TrackedProcess::id);
    }

    public ProcessId id() {
        return id;
    }

    public String comm() {
        return comm;
    }

    /** Id of its cgroup in the v2 hierarchy, 0 when unknown. */
    public long cgroup() {
        return cgroup;
    }

    public boolean hasExited() {
        return exited;
    }

    /** CLOCK_BOOTTIME nanoseconds; 0 while it runs. */
    public long exitedAt() {
        return exitedAt;
    }

    public boolean isReaped() {
        return reaped;
    }

    void exit(long time, int status) {
        exited = true;
        exitedAt = time;
        waitStatus = status;
    }

    void reap() {
        reaped = true;
    }

    boolean uses(DescriptorTable candidate) {
        return table == candidate || threadTables.stream().anyMatch(own -> own.table() == candidate);
    }

    /** What was a thread's own table stands for the whole process from now on. */
    void goOnWith(DescriptorTable own) {
        threadTables.removeIf(entry -> entry.table() == own);
        table = own;
    }

    /** Whether this process came out of that one by forks, over however many generations. */
    public boolean descendsFrom(TrackedProcess ancestor) {
        for (TrackedProcess up = forebear(); up != null; up = up.forebear()) {
            if (up == ancestor) {
                return true;
            }
        }
        return false;
    }

    /** Whether that process forked this one. */
    public boolean wasForkedBy(TrackedProcess caller) {
        return origin.filter(caller.id::equals).isPresent();
    }

    /** Whether its program was seen to start: what it holds above stdio and did not open itself, it was left with. */
    public boolean hasExecuted() {
        return executions > 0;
    }

    /** How many programs it has been seen to start. */
    public int executions() {
        return executions;
    }

    void executedWith(List<Stdio> received) {
        executions++;
        stdio = received;
    }

    /** The next one up that is alive: who forked it, or whoever forked that one; empty at the top. */
    public Optional<TrackedProcess> above() {
        return Optional.ofNullable(forebear());
    }

    /** Skips the exited, who hold nothing any more, so that no chain of them is kept alive. */
    TrackedProcess forebear() {
        while (forebear != null && forebear.exited) {
            forebear = forebear.forebear;
        }
        return forebear;
    }

    /** Enters who forked it, if that is not known yet. */
    void bornTo(TrackedProcess caller) {
        if (forebear == null && caller != this) {
            forebear = caller;
            origin = Optional.ofNullable(caller).map(TrackedProcess::id);
        }
    }

    boolean isOlderThan(TrackedProcess other) {
        return id.startTime() < other.id.startTime();
    }

    void adopt(TrackedProcess child) {
        child.parent = this;
        children.add(child);
    }

    /** Notes that a child was reaped; forgets the oldest of those once there are too many. */
    void childReaped() {
        if (++reapedChildren <= 2 * REMEMBERED_CHILDREN) {
            return;
        }
        int[] surplus = {reapedChildren - REMEMBERED_CHILDREN};
        children.removeIf(child -> child.reaped && surplus[0]-- > 0);
        reapedChildren = REMEMBERED_CHILDREN;
    }

    /** Lets go of everything but what the story of its parent, and of pipes it had, needs. */
    void letGo() {
        for (TrackedProcess child : children) {
            child.parent = null;
            /* Points past this one from now on: who forks his successor and exits, again and again, is not kept. */
            child.forebear();
        }
        children.clear();
        receipts.clear();
        gifts.clear();
        threadTables.clear();
    }

    /** As its parent's story tells it. */
    public ChildView view() {
        return new ChildView(
                id,
                comm,
                exited && exitedAt != 0 ? OptionalLong.of(exitedAt) : OptionalLong.empty(),
                exited && waitStatus != ExitStatus.UNKNOWN ? Optional.of(new ExitStatus(waitStatus)) : Optional.empty(),
                reaped,
                stdio);
    }
}
