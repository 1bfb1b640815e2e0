/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.metrics;

import dev.ghostfd.attribution.Workload;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who has series of its own when there are more workloads than --max-series. A workload that is in stays in until one
 * more than twice its size needs the place, so that series do not come and go between scrapes. Confined to one thread.
 */
final class Roster {
    static final Comparator<Workload> BY_NAME = Comparator.comparing(Workload::comm)
            .thenComparing(Workload::namespace)
            .thenComparing(Workload::pod)
            .thenComparing(Workload::container);
    private static final int HYSTERESIS = 2;

    private final int capacity;
    private final Set<Workload> admitted = new HashSet<>();

    Roster(int capacity) {
        this.capacity = capacity;
    }

    /** Those to show, given the size of every workload of this scrape. */
    Set<Workload> choose(Map<Workload, Long> sizes) {
        admitted.retainAll(sizes.keySet());
        Comparator<Workload> bySize =
                Comparator.<Workload, Long>comparing(sizes::get).thenComparing(BY_NAME);
        Deque<Workload> smallest =
                new ArrayDeque<>(admitted.stream().sorted(bySize).toList());
        List<Workload> candidates = sizes.keySet().stream()
                .filter(workload -> !admitted.contains(workload))
                .sorted(bySize.reversed())
                .toList();
        for (Workload candidate : candidates) {
            if (admitted.size() >= capacity) {
                Workload leaving = smallest.peek();
                if (leaving == null || sizes.get(candidate) <= HYSTERESIS * sizes.get(leaving)) {
                    break;
                }
                admitted.remove(smallest.pop());
            }
            admitted.add(candidate);
        }
        return Set.copyOf(admitted);
    }
}
