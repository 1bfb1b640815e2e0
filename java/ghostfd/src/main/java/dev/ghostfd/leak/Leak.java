/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.Kind;
import dev.ghostfd.lifecycle.ChildView;
import dev.ghostfd.lifecycle.DescriptorView;
import dev.ghostfd.lifecycle.Origin;
import dev.ghostfd.lifecycle.ProcessId;
import dev.ghostfd.lifecycle.TrackedProcess;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One finding. Immutable; times are CLOCK_BOOTTIME nanoseconds.
 *
 * @param id stable for as long as the leak stands, and the same in a replay
 * @param process who holds the descriptor, or does not wait for the child
 * @param descriptor empty for an unreaped child
 * @param child the child it was made for, when known
 * @param peer state of the other end, when the kind has one
 * @param count how many descriptors it stands for; one but for growth
 * @param firstSeen when the condition was first established
 * @param growth of a count that rises; the descriptor is then the newest of them
 */
public record Leak(
        String id,
        Rule rule,
        Confidence confidence,
        Kind kind,
        Origin origin,
        Holder process,
        Optional<Descriptor> descriptor,
        Optional<ChildView> child,
        Optional<Peer> peer,
        int count,
        long firstSeen,
        Optional<Growing> growth) {

    /** A finding about a descriptor that is open right now. */
    static Leak ofDescriptor(
            LeakKey key,
            Confidence confidence,
            TrackedProcess holder,
            Descriptor descriptor,
            Optional<ChildView> child,
            Optional<Peer> peer,
            long since) {
        return new Leak(
                key.id(),
                key.rule(),
                confidence,
                descriptor.view().kind(),
                descriptor.view().origin(),
                Holder.of(holder),
                Optional.of(descriptor),
                child,
                peer,
                1,
                since,
                Optional.empty());
    }

    /** A process in the role of the one that holds something. */
    public record Holder(ProcessId id, String comm, long cgroup) {
        static Holder of(TrackedProcess process) {
            return new Holder(process.id(), process.comm(), process.cgroup());
        }
    }

    /**
     * How a count rises.
     *
     * @param perMinute descriptors a minute
     * @param exhaustionSeconds until the process has reached its soft RLIMIT_NOFILE, if it goes on like that; empty when the
     *     limit is not known
     */
    public record Growing(double perMinute, OptionalDouble exhaustionSeconds) {}

    /**
     * The leaked descriptor.
     *
     * @param closeOnExec empty where no snapshot of this sweep has shown it
     */
    public record Descriptor(DescriptorView view, Optional<Boolean> closeOnExec) {
        public Descriptor(DescriptorView view, boolean closeOnExec) {
            this(view, Optional.of(closeOnExec));
        }
    }

    /**
     * The other side, as the kernel counted it.
     *
     * @param readers open file descriptions that can read
     * @param writers open file descriptions that can write
     * @param bufferedBytes bytes that lie unread
     */
    public record Peer(int readers, int writers, long bufferedBytes, List<PeerHolder> holders) {}

    /**
     * Who keeps the other side alive.
     *
     * @param cause {@code descendant} or {@code sibling}
     */
    public record PeerHolder(int pid, String comm, int fd, String cause) {}
}
