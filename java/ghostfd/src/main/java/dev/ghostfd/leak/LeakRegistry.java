/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.Kind;
import dev.ghostfd.lifecycle.ProcessId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The leaks that stand, and how many there have been. Owned by the consumer thread. */
final class LeakRegistry {
    private final Map<LeakKey, Leak> current = new HashMap<>();
    private final List<Leak> fresh = new ArrayList<>();
    private final Map<LeakKey, Leak> seen = new HashMap<>();
    private final LeakTotals totals = new LeakTotals();

    /** Which rule has spoken for a descriptor in this sweep: those of higher precedence come first. */
    private final Map<Claim, Rule> claims = new HashMap<>();

    private final Map<Sort, Integer> reported = new HashMap<>();

    private record Claim(ProcessId process, int fd) {}

    private record Sort(ProcessId process, Kind kind) {}

    /** The leak as reported so far, or null. */
    Leak find(LeakKey key) {
        return current.get(key);
    }

    /** Reports a leak as standing in this sweep, unless its descriptor has been reported under another rule already. */
    void report(LeakKey key, Leak leak) {
        if (key.rule() == Rule.GROWTH || leak.descriptor().isEmpty()) {
            seen.put(key, leak);
            return;
        }
        Rule first = claims.putIfAbsent(new Claim(key.holder(), key.number()), key.rule());
        if (first == null) {
            reported.merge(new Sort(key.holder(), leak.kind()), 1, Integer::sum);
        }
        if (first == null || first == key.rule()) {
            seen.put(key, leak);
        }
    }

    /** How many descriptors of a process have been reported in this sweep. */
    int reported(ProcessId process, Kind kind) {
        return reported.getOrDefault(new Sort(process, kind), 0);
    }

    /** Whether a descriptor has been reported in this sweep. */
    boolean isReported(ProcessId process, int fd) {
        return claims.containsKey(new Claim(process, fd));
    }

    /** Ends a sweep: what was not reported in it is resolved. */
    void endSweep() {
        fresh.clear();
        for (Map.Entry<LeakKey, Leak> entry : seen.entrySet()) {
            if (current.put(entry.getKey(), entry.getValue()) == null) {
                totals.detected(entry.getValue());
                fresh.add(entry.getValue());
            }
        }
        for (Iterator<Map.Entry<LeakKey, Leak>> all = current.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<LeakKey, Leak> entry = all.next();
            if (!seen.containsKey(entry.getKey())) {
                totals.resolved(entry.getValue());
                all.remove();
            }
        }
        seen.clear();
        claims.clear();
        reported.clear();
        totals.trim(current.values());
    }

    /** Those that the last sweep reported for the first time. */
    List<Leak> newLeaks() {
        return List.copyOf(fresh);
    }

    boolean hasAny(Rule rule) {
        return current.keySet().stream().anyMatch(key -> key.rule() == rule);
    }

    /** All leaks, oldest first; those of the same age in the order of their ids. */
    List<Leak> leaks() {
        List<Leak> leaks = new ArrayList<>(current.values());
        leaks.sort(Comparator.comparingLong(Leak::firstSeen).thenComparing(Leak::id));
        return List.copyOf(leaks);
    }

    List<LeakTotal> totals() {
        return totals.list();
    }
}
