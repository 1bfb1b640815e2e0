/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;

/** What is at the other side of a {@link SimulatedNode}'s sockets, ptys and pidfds. */
final class SimulatedPeers {
    /** Of each socketpair's end the other's inode. */
    private final Map<Long, Long> sockets = new HashMap<>();

    /** By the identity of a pty master: the inode of its terminal side. */
    private final Map<Long, Long> terminals = new HashMap<>();

    private final Set<Long> openedTerminals = new HashSet<>();

    /** By a pidfd's inode. */
    private final Map<Long, SimulatedTask> processes = new HashMap<>();

    private final SimulatedNode node;

    SimulatedPeers(SimulatedNode node) {
        this.node = node;
    }

    void pair(long inode, long peerInode) {
        sockets.put(inode, peerInode);
        sockets.put(peerInode, inode);
    }

    void newTerminal(long master) {
        terminals.put(master, node.nextInode());
    }

    long openTerminal(long master) {
        openedTerminals.add(terminals.get(master));
        return terminals.get(master);
    }

    void point(long inode, SimulatedTask process) {
        processes.put(inode, process);
    }

    /** Whether the kernel says of a descriptor that its other side was there once and is gone. */
    boolean isGone(SimulatedNode.OpenFile file, LongPredicate isHeld) {
        return switch (file.kind()) {
            case SOCKET -> sockets.containsKey(file.inode()) && !isHeld.test(sockets.get(file.inode()));
            case PTY -> {
                long terminal = terminals.getOrDefault(file.identity(), 0L);
                yield openedTerminals.contains(terminal) && !isHeld.test(terminal);
            }
            case PIDFD -> !node.alive().containsValue(processes.get(file.inode()));
            default -> false;
        };
    }

    /** As a snapshot tells of it. */
    long identity(SimulatedNode.OpenFile file) {
        return file.kind() == Kind.PIDFD ? processes.get(file.inode()).pid() : sockets.getOrDefault(file.inode(), 0L);
    }
}
