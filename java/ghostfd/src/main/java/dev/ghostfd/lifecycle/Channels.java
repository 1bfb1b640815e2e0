/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.Kind;

/** Every pipe, FIFO and socketpair that a known table holds an end of. */
final class Channels {
    /** FIFOs and sockets take their inode numbers from other file systems than pipes. */
    private static final long FIFO = 1L << 63;

    private static final long SOCKET = 1L << 62;

    private final LongMap<Channel> byKey = new LongMap<>();

    private static long key(Kind kind, long inode) {
        return switch (kind) {
            case FIFO -> inode | FIFO;
            case SOCKET -> inode | SOCKET;
            default -> inode;
        };
    }

    private static long key(long head, long inode) {
        return key(Kind.of(Slot.kind(head)), inode);
    }

    /** The channel, or null when nobody holds it. */
    Channel find(Kind kind, long inode) {
        return byKey.get(key(kind, inode));
    }

    Channel find(long head, long inode) {
        return byKey.get(key(head, inode));
    }

    void retain(long head, long inode) {
        if (inode == 0) {
            return;
        }
        long key = key(head, inode);
        Channel channel = byKey.get(key);
        if (channel == null) {
            channel = new Channel(Kind.of(Slot.kind(head)), inode);
            byKey.put(key, channel);
        }
        channel.slots++;
    }

    void release(long head, long inode) {
        Channel channel = inode == 0 ? null : find(head, inode);
        if (channel != null && --channel.slots == 0) {
            byKey.remove(key(channel.kind(), channel.inode()));
            if (channel.peerInode() != 0) {
                byKey.remove(key(Kind.SOCKET, channel.peerInode()));
            }
            channel.forget();
        }
    }

    /** Two sockets are the ends of one socketpair. */
    void link(long inode, long peerInode) {
        Channel one = find(Kind.SOCKET, inode);
        Channel other = find(Kind.SOCKET, peerInode);
        if (one != null && other != null && one != other && one.peerInode() == 0 && other.peerInode() == 0) {
            one.join(other);
            byKey.put(key(Kind.SOCKET, peerInode), one);
        }
    }

    int size() {
        return byKey.size();
    }
}
