/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.Kind;

/** Every pipe and FIFO that a known table holds an end of. */
final class Pipes {
    /** FIFOs take their inode numbers from other file systems than pipes. */
    private static final long FIFO = 1L << 63;

    private final LongMap<Pipe> byKey = new LongMap<>();

    private static long key(long head, long inode) {
        return Slot.kind(head) == Kind.FIFO.ordinal() ? inode | FIFO : inode;
    }

    /** The pipe, or null when nobody holds it. */
    Pipe find(Kind kind, long inode) {
        return byKey.get(kind == Kind.FIFO ? inode | FIFO : inode);
    }

    Pipe find(long head, long inode) {
        return byKey.get(key(head, inode));
    }

    void retain(long head, long inode) {
        long key = key(head, inode);
        if (key == 0) {
            return;
        }
        Pipe pipe = byKey.get(key);
        if (pipe == null) {
            pipe = new Pipe(inode);
            byKey.put(key, pipe);
        }
        pipe.slots++;
    }

    void release(long head, long inode) {
        long key = key(head, inode);
        Pipe pipe = key == 0 ? null : byKey.get(key);
        if (pipe != null && --pipe.slots == 0) {
            byKey.remove(key);
            pipe.forget();
        }
    }

    int size() {
        return byKey.size();
    }
}
