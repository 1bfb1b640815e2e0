/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import me.bechberger.ebpf.bpf.raw.Lib;

/** The map {@code watched}: inodes that a snapshot of candidates lists whatever their state. Not thread-safe. */
final class WatchedInodes {
    private final int map;
    private final Set<Long> current = new HashSet<>();
    private final MemorySegment key = Arena.ofAuto().allocate(JAVA_LONG);
    private final MemorySegment value = Arena.ofAuto().allocate(JAVA_LONG);

    WatchedInodes(int map) {
        this.map = map;
    }

    /** Makes the map hold these, as far as there is room; costs no more than the difference. */
    void set(Set<Long> inodes) {
        for (Iterator<Long> all = current.iterator(); all.hasNext(); ) {
            long inode = all.next();
            if (!inodes.contains(inode)) {
                key.set(JAVA_LONG, 0, inode);
                Lib.bpf_map_delete_elem(map, key);
                all.remove();
            }
        }
        for (long inode : inodes) {
            if (!current.contains(inode)) {
                key.set(JAVA_LONG, 0, inode);
                if (Lib.bpf_map_update_elem(map, key, value, 0) < 0) {
                    return;
                }
                current.add(inode);
            }
        }
    }
}
