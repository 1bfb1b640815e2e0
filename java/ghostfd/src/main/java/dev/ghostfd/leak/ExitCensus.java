/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.Event;
import dev.ghostfd.event.Flags;
import dev.ghostfd.event.Kind;
import dev.ghostfd.lifecycle.Channel;
import dev.ghostfd.lifecycle.DescriptorView;
import dev.ghostfd.lifecycle.End;
import dev.ghostfd.lifecycle.ExitStatus;
import dev.ghostfd.lifecycle.TrackedProcess;
import dev.ghostfd.lifecycle.Tracker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What processes hold in their last moment: the kernel lists it just before it closes everything, with its own counts of who
 * is left at the other end of each pipe. No later snapshot could show it.
 */
final class ExitCensus {
    private static final int LAST_STANDARD = 2;
    private static final int SHARE_OF_GRACE = 10;
    private static final int SHARE_OF_LIFE = 4;

    private final Tracker tracker;
    private final long grace;
    private final Map<Integer, List<Row>> underWay = new HashMap<>();

    /** One descriptor of a census; the counts are 0 for what is not a pipe. */
    private record Row(int fd, int flags, Kind kind, long inode, int readers, int writers) {}

    /** What the census says of one process. */
    record Verdict(List<Leak> leaks, ProcessEnd end) {}

    ExitCensus(Tracker tracker, long grace) {
        this.tracker = tracker;
        this.grace = grace;
    }

    /** One record of a census at exit. */
    void note(Event event) {
        underWay.computeIfAbsent(event.tgid(), _ -> new ArrayList<>())
                .add(new Row(
                        event.fd(),
                        event.flags(),
                        Kind.of(event.kind()),
                        event.inode(),
                        event.readers(),
                        event.writers()));
    }

    /** To be asked before the exit is applied, while the history is still that of a living process. */
    Verdict judge(TrackedProcess process, Event exit) {
        List<Row> rows = Optional.ofNullable(underWay.remove(exit.tgid())).orElse(List.of());
        List<Leak> leaks = new ArrayList<>();
        List<DescriptorView> held = new ArrayList<>();
        for (Row row : rows) {
            Optional<DescriptorView> view = row.fd() <= LAST_STANDARD
                    ? Optional.empty()
                    : tracker.descriptor(exit.table(), row.fd()).filter(known -> known.inode() == row.inode());
            if (view.isPresent()) {
                orphaned(process, row, view.get(), exit).ifPresent(leaks::add);
                if (view.get().openedAt().orElse(0) > process.id().startTime()) {
                    held.add(view.get());
                }
            }
        }
        Leak.Holder holder = Leak.Holder.of(process);
        return new Verdict(leaks, new ProcessEnd(holder, new ExitStatus(exit.status()), held));
    }

    /** Rule {@code orphaned-pipe} at the end of a process. */
    private Optional<Leak> orphaned(TrackedProcess process, Row row, DescriptorView view, Event exit) {
        boolean reads = view.end() == End.READ && row.writers() == 0;
        boolean writes = view.end() == End.WRITE && row.readers() == 0;
        Optional<Channel> pipe = tracker.channel(row.kind(), row.inode());
        if (!reads && !writes || pipe.isEmpty()) {
            return Optional.empty();
        }
        Channel.Side other = pipe.get().opposite(view.end(), view.inode());
        Optional<TrackedProcess> child = other.receiverBelow(process);
        if (child.isEmpty() || !other.allExited() || exit.time() - other.lastExit() < needed(process, exit)) {
            return Optional.empty();
        }
        boolean unread = (row.flags() & Flags.UNREAD) != 0;
        boolean certain = row.kind() == Kind.PIPE && !(reads && unread);
        LeakKey key = new LeakKey(Rule.ORPHANED_PIPE, process.id(), row.fd(), row.inode());
        return Optional.of(Leak.ofDescriptor(
                key,
                certain ? Confidence.CONFIRMED : Confidence.SUSPECTED,
                process,
                new Leak.Descriptor(view, (row.flags() & Flags.CLOEXEC) != 0),
                child.map(TrackedProcess::view),
                /* Of bytes that lie there the census does not say how many. */
                unread ? Optional.empty() : Optional.of(new Leak.Peer(row.readers(), row.writers(), 0, List.of())),
                other.lastExit()));
    }

    /**
     * How long the condition must have held: a share of the grace, or in a short life a share of that. What a process leaves
     * to the kernel in the moment in which it winds up, once its workers are gone, is no leak.
     */
    private long needed(TrackedProcess process, Event exit) {
        long life = exit.time() - process.id().startTime();
        return Math.min(grace / SHARE_OF_GRACE, life / SHARE_OF_LIFE);
    }
}
