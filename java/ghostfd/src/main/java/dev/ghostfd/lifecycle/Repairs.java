/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What snapshots found that was not known. A difference is a repair unless an event that was still on its way explains it;
 * so they are only counted once the ring has been read past the snapshot, by {@link #settle}. Owned by the consumer thread.
 */
final class Repairs {
    /** Differences that wait for an explanation: after a great loss they are many, and none will come. */
    private static final int MOST_UNEXPLAINED = 10_000;

    private final Books books;
    private final Map<Difference, Kind> differences = new HashMap<>();
    private final Set<TrackedProcess> arrivals = new HashSet<>();
    private final List<TrackedProcess> missing = new ArrayList<>();
    private final List<Exit> exits = new ArrayList<>();
    private final List<Abandoned> abandoned = new ArrayList<>();
    private final long[] repairs = new long[Kind.values().length];

    private record Difference(long table, int fd) {}

    private record Exit(TrackedProcess process, long time, int status) {}

    private record Abandoned(TrackedProcess process, DescriptorTable table) {}

    Repairs(Books books) {
        this.books = books;
    }

    /** A descriptor was found that was not known, or known and not found. */
    void differs(DescriptorTable table, int fd, Kind kind) {
        if (differences.size() < MOST_UNEXPLAINED) {
            differences.put(new Difference(table.identity, fd), kind);
        } else {
            repairs[kind.ordinal()]++;
        }
    }

    void arrived(TrackedProcess process) {
        arrivals.add(process);
    }

    /** The kernel does not show a process any more; most often its end is still in the ring. */
    void missing(TrackedProcess process) {
        missing.add(process);
    }

    /** The kernel shows it as a zombie. */
    void exited(TrackedProcess process, long time, int status) {
        exits.add(new Exit(process, time, status));
    }

    /** No thread of the process has this table any more; most often the end of the last one is still in the ring. */
    void abandoned(TrackedProcess process, DescriptorTable table) {
        abandoned.add(new Abandoned(process, table));
    }

    /** An event touched this descriptor: whatever the snapshot found there was on its way. */
    void explained(DescriptorTable table, int fd) {
        if (!differences.isEmpty()) {
            differences.remove(new Difference(table.identity, fd));
        }
    }

    /** The process's fork was on its way. */
    void explained(TrackedProcess process) {
        arrivals.remove(process);
        explained(process.table);
    }

    /** An exec renewed the whole table. */
    void explained(DescriptorTable table) {
        if (!differences.isEmpty()) {
            differences.keySet().removeIf(difference -> difference.table() == table.identity);
        }
    }

    /** Whether something was found that no event has explained so far. */
    boolean areOpen() {
        return !differences.isEmpty()
                || !missing.isEmpty()
                || !arrivals.isEmpty()
                || !exits.isEmpty()
                || !abandoned.isEmpty();
    }

    /** Counts what no event has explained, and lets go of processes and tables whose end was missed. */
    void settle(long time) {
        repairs[Kind.PROCESS.ordinal()] += arrivals.size();
        arrivals.clear();
        differences.values().forEach(kind -> repairs[kind.ordinal()]++);
        differences.clear();
        for (Exit exit : exits) {
            if (!exit.process().hasExited()) {
                books.exit(exit.process(), exit.time(), exit.status());
            }
        }
        exits.clear();
        for (TrackedProcess process : missing) {
            if (!process.isReaped() && books.processes.get(process.id().pid()) == process) {
                if (!process.hasExited()) {
                    repairs[Kind.PROCESS.ordinal()]++;
                    books.exit(process, time, ExitStatus.UNKNOWN);
                }
                books.forget(process, time);
            }
        }
        missing.clear();
        abandoned.forEach(this::leave);
        abandoned.clear();
    }

    private void leave(Abandoned one) {
        DescriptorTable table = one.table();
        if (!one.process().threadTables.removeIf(own -> own.table() == table)) {
            return;
        }
        if (table.users == 1) {
            table.forEach(
                    (_, words, base) -> repairs[Kind.of(Slot.kind(words[base])).ordinal()]++);
        }
        books.leave(table, one.process());
    }

    long count(Kind kind) {
        return repairs[kind.ordinal()];
    }
}
