/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import java.util.Optional;

/** An open file description that processes received as standard input, output or error. */
public final class Gift {
    private final long file;
    private final long inode;
    private final TrackedProcess receiver;
    private final TrackedProcess giver;
    private final boolean wasDead;
    private int received;
    private int live;

    /** Received by its first process. */
    Gift(long file, long inode, TrackedProcess receiver, TrackedProcess giver, boolean wasDead) {
        this.file = file;
        this.inode = inode;
        this.receiver = receiver;
        this.giver = giver;
        this.wasDead = wasDead;
    }

    void receivedBy(TrackedProcess process) {
        received++;
        live++;
        process.gifts.add(this);
    }

    /** One receiver fewer; true if it was the only one there ever was. */
    boolean returned() {
        return --live == 0 && received == 1;
    }

    boolean isUnused() {
        return live == 0;
    }

    /** Identity of the open file description. */
    public long file() {
        return file;
    }

    public long inode() {
        return inode;
    }

    /** The first process that received it. */
    public TrackedProcess receiver() {
        return receiver;
    }

    /** Who started the receiver, if it was alive then. */
    public Optional<TrackedProcess> giver() {
        return Optional.ofNullable(giver);
    }

    /** Whether it was a pipe end without a peer already when it was received. */
    public boolean wasDead() {
        return wasDead;
    }

    /** Whether exactly one process received it, ever, and has exited. */
    public boolean isReturned() {
        return received == 1 && live == 0;
    }
}
