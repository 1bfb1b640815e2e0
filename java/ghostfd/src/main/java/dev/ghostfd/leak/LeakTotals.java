/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Counts leaks by process name, cgroup, rule and kind. Containers come and go for as long as the daemon runs, so beyond a
 * bound those without a standing leak that changed longest ago are summed up; the sum over all never falls. Owned by the
 * consumer thread.
 */
final class LeakTotals {
    static final int TOLD_APART = 4096;

    private final Map<Key, Count> counts = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Sort, Count> remainder = new TreeMap<>();

    private record Sort(Rule rule, Kind kind) implements Comparable<Sort> {
        @Override
        public int compareTo(Sort other) {
            int byRule = rule.compareTo(other.rule);
            return byRule != 0 ? byRule : kind.compareTo(other.kind);
        }
    }

    private record Key(String comm, long cgroup, Sort sort) {
        static Key of(Leak leak) {
            Leak.Holder holder = leak.process();
            return new Key(holder.comm(), holder.cgroup(), new Sort(leak.rule(), leak.kind()));
        }
    }

    private record Count(long detected, long resolved) {
        Count plus(Count other) {
            return new Count(detected + other.detected, resolved + other.resolved);
        }
    }

    void detected(Leak leak) {
        counts.merge(Key.of(leak), new Count(1, 0), Count::plus);
    }

    void resolved(Leak leak) {
        counts.merge(Key.of(leak), new Count(0, 1), Count::plus);
    }

    /**
     * Sums up what is beyond the bound.
     *
     * @param standing the leaks whose counts are still to change
     */
    void trim(Collection<Leak> standing) {
        if (counts.size() <= TOLD_APART) {
            return;
        }
        Set<Key> kept = standing.stream().map(Key::of).collect(Collectors.toSet());
        Iterator<Map.Entry<Key, Count>> eldest = counts.entrySet().iterator();
        while (counts.size() > TOLD_APART && eldest.hasNext()) {
            Map.Entry<Key, Count> entry = eldest.next();
            if (!kept.contains(entry.getKey())) {
                remainder.merge(entry.getKey().sort(), entry.getValue(), Count::plus);
                eldest.remove();
            }
        }
    }

    List<LeakTotal> list() {
        List<LeakTotal> totals = new ArrayList<>(counts.size() + remainder.size());
        counts.forEach((key, count) -> totals.add(total(key.comm(), key.cgroup(), key.sort(), count)));
        remainder.forEach((sort, count) -> totals.add(total("", 0, sort, count)));
        return List.copyOf(totals);
    }

    private static LeakTotal total(String comm, long cgroup, Sort sort, Count count) {
        return new LeakTotal(comm, cgroup, sort.rule(), sort.kind(), count.detected(), count.resolved());
    }
}
