/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where descriptors were made, by a number that fits into a {@linkplain Slot slot}. A stack stays for as long as a descriptor
 * refers to it; when there is no room for another, those that nobody refers to make some. Owned by the consumer thread.
 */
final class CallStacks {
    private static final int MOST = 1 << 16;

    private final List<CallStack> byId = new ArrayList<>();
    private final Map<Key, Integer> ids = new HashMap<>();
    private final Deque<Integer> free = new ArrayDeque<>();

    private record Key(ProcessId process, List<Long> addresses) {}

    CallStacks() {
        byId.add(null);
    }

    /** The stack's number, from 1; 0 when there is no room. */
    int intern(ProcessId process, List<Long> addresses, LongMap<DescriptorTable> tables) {
        Key key = new Key(process, addresses);
        Integer known = ids.get(key);
        if (known != null) {
            return known;
        }
        if (free.isEmpty() && byId.size() > MOST) {
            dropUnused(tables);
        }
        CallStack stack = new CallStack(
                process, addresses.stream().mapToLong(Long::longValue).toArray());
        int id;
        if (!free.isEmpty()) {
            id = free.pop();
            byId.set(id, stack);
        } else if (byId.size() <= MOST) {
            id = byId.size();
            byId.add(stack);
        } else {
            return 0;
        }
        ids.put(key, id);
        return id;
    }

    private void dropUnused(LongMap<DescriptorTable> tables) {
        BitSet used = new BitSet();
        tables.forEach(table -> table.forEach((_, words, base) -> used.set(Slot.callSite(words[base]))));
        ids.values().removeIf(id -> {
            if (used.get(id)) {
                return false;
            }
            byId.set(id, null);
            free.push(id);
            return true;
        });
    }

    Optional<CallStack> find(int id) {
        return Optional.ofNullable(byId.get(id));
    }
}
