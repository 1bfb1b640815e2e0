/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import java.util.ArrayList;
import java.util.List;

/** The books: which tables and processes there are. What events and snapshots mean for them stands elsewhere. */
final class Books {
    final LongMap<DescriptorTable> tables = new LongMap<>();
    final LongMap<TrackedProcess> processes = new LongMap<>();
    final Channels channels = new Channels();
    final Receipts receipts;
    final Gifts gifts;
    /** Events for tables or processes nobody told of, since the last snapshot: a sign that something was lost. */
    long strayEvents;

    Books(LifecycleListener listener) {
        this.gifts = new Gifts(listener);
        this.receipts = new Receipts(channels, listener);
    }

    /** The process is gone, as an event or the lack of it in a snapshot tells. */
    void exit(TrackedProcess process, long time, int status) {
        process.exit(time, status);
        if (process.inherited != null) {
            receipts.received(process, process.inherited, false);
        }
        dropInherited(process);
        for (TrackedProcess.ThreadTable own : process.threadTables) {
            leave(own.table(), process);
        }
        if (process.census != null) {
            process.census.release();
            process.census = null;
        }
        leave(process.table, process);
        receipts.exited(process, time);
        gifts.exited(process);
        process.letGo();
    }

    /** Reaped, at this time at the latest: the process leaves the books, and lives on only in its parent's story. */
    void forget(TrackedProcess process, long time) {
        if (!process.hasExited()) {
            exit(process, time, ExitStatus.UNKNOWN);
        }
        processes.remove(process.id().pid());
        process.reap();
        if (process.parent != null) {
            process.parent.childReaped();
        }
    }

    static void dropInherited(TrackedProcess process) {
        if (process.inherited != null) {
            process.inherited.release();
            process.inherited = null;
        }
    }

    /** Enters a table in the books; one that stood there under the same identity is gone without word. */
    DescriptorTable register(DescriptorTable table, TrackedProcess owner) {
        DescriptorTable stale = tables.put(table.identity, table);
        if (stale != null) {
            stale.release();
        }
        table.owner = owner;
        return table;
    }

    /** A place-holder until the real one is known. */
    DescriptorTable detachedTable(TrackedProcess owner) {
        DescriptorTable none = new DescriptorTable(0, channels);
        none.owner = owner;
        return none;
    }

    DescriptorTable newTable(long identity, TrackedProcess owner) {
        return register(new DescriptorTable(identity, channels), owner);
    }

    /** One user more; the oldest one that is known owns it. */
    void join(DescriptorTable table, TrackedProcess user) {
        table.users++;
        if (table.owner == null || user.isOlderThan(table.owner)) {
            table.owner = user;
        }
    }

    /** One user fewer; true, for use in conditions. */
    boolean leave(DescriptorTable table, TrackedProcess user) {
        if (--table.users > 0) {
            /* They are known, and so there is nothing to find out. */
            table.usedByOthers = false;
            if (table.owner == user) {
                table.owner = null;
                processes.forEach(other -> {
                    boolean uses = other.uses(table) && other != user && !other.hasExited();
                    if (uses && (table.owner == null || other.isOlderThan(table.owner))) {
                        table.owner = other;
                    }
                });
            }
        } else if (table.usedByOthers) {
            table.owner = null;
            strayEvents++;
        } else {
            drop(table);
        }
        return true;
    }

    /**
     * Nobody else uses this table: threads of other processes that were known with it have left it. Of a thread's exit nothing is
     * told if others go on with its table.
     */
    void onlyUsedBy(TrackedProcess user, long identity) {
        DescriptorTable table = tables.get(identity);
        if (table == null || table.users <= 1) {
            return;
        }
        processes.forEach(other -> {
            if (other != user && other.threadTables.removeIf(own -> own.table() == table)) {
                leave(table, other);
            }
        });
    }

    private void drop(DescriptorTable table) {
        if (tables.get(table.identity) == table) {
            tables.remove(table.identity);
        }
        table.release();
    }

    /** A snapshot has shown who uses what: a table that nobody was found with is gone. */
    void dropUnused() {
        List<DescriptorTable> unused = new ArrayList<>(0);
        tables.forEach(table -> {
            table.usedByOthers = false;
            if (table.users == 0) {
                unused.add(table);
            }
        });
        unused.forEach(this::drop);
    }
}
