/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import me.bechberger.ebpf.bpf.raw.Lib;

/**
 * Reads the kernel's own tables through BPF iterators. Each run walks the tasks of the node, so it is not one instant:
 * every record carries the time at which it was taken. Not thread-safe.
 */
public final class Snapshots {
    /** A larger read is cut to this by the kernel (bpf_seq_read in kernel/bpf/bpf_iter.c). */
    private static final int CHUNK = 64 << 10;

    /** enum snapshot_choice in bpf/events.h. */
    private static final int ONLY_CANDIDATES = 1;

    private static final int OUT_OF_SCOPE_TOO = 2;

    private final int taskLink;
    private final int descriptorLink;
    private final MemorySegment filter;
    private final WatchedInodes watched;
    private final MemorySegment buffer = Arena.ofAuto().allocate(CHUNK, 8);

    Snapshots(int taskLink, int descriptorLink, MemorySegment filter, WatchedInodes watched) {
        this.taskLink = taskLink;
        this.descriptorLink = descriptorLink;
        this.filter = filter;
        this.watched = watched;
    }

    /**
     * Every process in scope, and every thread with a table of its own.
     *
     * @param recordBytes size of one record
     */
    public void tasks(int recordBytes, RecordHandler handler) {
        run(taskLink, recordBytes, 0, 0, handler);
    }

    /** Every process of the node, in scope or not; to find out what should be. */
    public void allTasks(int recordBytes, RecordHandler handler) {
        run(taskLink, recordBytes, 0, OUT_OF_SCOPE_TOO, handler);
    }

    /** Every descriptor of every table in scope. */
    public void descriptors(int recordBytes, RecordHandler handler) {
        run(descriptorLink, recordBytes, 0, 0, handler);
    }

    /** Every descriptor of one process. */
    public void descriptorsOf(int pid, int recordBytes, RecordHandler handler) {
        run(descriptorLink, recordBytes, pid, 0, handler);
    }

    /**
     * Only descriptors that have lost what is at their other end, and whatever has one of these inodes.
     *
     * @param inodes the most that fit are looked for
     */
    public void candidates(Set<Long> inodes, int recordBytes, RecordHandler handler) {
        watched.set(inodes);
        run(descriptorLink, recordBytes, 0, ONLY_CANDIDATES, handler);
    }

    private void run(int link, int recordBytes, int pid, int choice, RecordHandler handler) {
        filter.set(JAVA_INT, 0, pid);
        filter.set(JAVA_INT, 4, choice);
        int iterator = Lib.bpf_iter_create(link);
        if (iterator < 0) {
            throw new KernelException("start a snapshot", -iterator, "");
        }
        try {
            read(iterator, recordBytes, handler);
        } finally {
            Libc.close(iterator);
        }
    }

    private void read(int iterator, int recordBytes, RecordHandler handler) {
        int held = 0;
        while (true) {
            long got = Libc.read(iterator, buffer.asSlice(held));
            if (got == -Errno.EAGAIN || got == -Errno.EINTR) {
                /* The kernel pauses after a million objects that gave no output; reading on resumes. */
                continue;
            }
            if (got < 0) {
                throw new KernelException("read a snapshot", (int) -got, "");
            }
            if (got == 0) {
                return;
            }
            held += (int) got;
            int offset = 0;
            for (; held - offset >= recordBytes; offset += recordBytes) {
                handler.record(buffer, offset, recordBytes);
            }
            /* A read may end inside a record. */
            MemorySegment.copy(buffer, offset, buffer, 0, held - offset);
            held -= offset;
        }
    }
}
