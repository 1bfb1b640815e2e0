/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import io.netty.channel.Channel;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The cap on open connections. When it is reached, the connection that has kept the server waiting longest for a
 * request makes room: a thousand slow clients must not shut out a health check. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells listeners and closes the channel.
final class Connections {
    private final int capacity;
    /** Between requests or within a header, longest first. */
    private final Set<Channel> waiting = new LinkedHashSet<>();

    private final Set<Channel> open = new HashSet<>();
    private long closedForRoom;

    Connections(int capacity) {
        this.capacity = capacity;
    }

    /** Counts a new connection; false if it has to be closed because all others are being answered. */
    synchronized boolean admit(Channel channel) {
        if (open.size() >= capacity) {
            closedForRoom++;
            if (waiting.isEmpty()) {
                return false;
            }
            Channel longest = waiting.iterator().next();
            waiting.remove(longest);
            longest.close();
        }
        open.add(channel);
        waiting.add(channel);
        channel.closeFuture().addListener(closed -> remove(channel));
        return true;
    }

    private synchronized void remove(Channel channel) {
        open.remove(channel);
        waiting.remove(channel);
    }

    synchronized void answering(Channel channel) {
        waiting.remove(channel);
    }

    synchronized void awaiting(Channel channel) {
        if (channel.isOpen()) {
            waiting.add(channel);
        }
    }

    /** Closes them all; the event loops do so some time after this returns. */
    synchronized void closeAll() {
        List.copyOf(open).forEach(Channel::close);
    }

    synchronized int open() {
        return open.size();
    }

    synchronized long closedForRoom() {
        return closedForRoom;
    }
}
