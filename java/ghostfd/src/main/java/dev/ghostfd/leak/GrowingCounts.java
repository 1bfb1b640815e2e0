/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.Kind;
import dev.ghostfd.lifecycle.Holdings;
import dev.ghostfd.lifecycle.ProcessId;
import dev.ghostfd.lifecycle.TrackedProcess;
import dev.ghostfd.lifecycle.Tracker;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Rule {@code growth}: what a process holds of a kind, and no other rule has reported, rises steadily. Looks at all that a
 * process holds as well, which is what its limit counts.
 */
final class GrowingCounts {
    private static final Kind[] KINDS = Kind.values();
    private static final int SERIES = 4096;
    private static final double SECONDS_PER_MINUTE = 60;

    private final Tracker tracker;
    private final LeakRegistry registry;
    private final GrowthWatch<Key> watch;
    private final Map<ProcessId, Leak.Growing> processes = new HashMap<>();

    /** {@link Kind#PROCESS} stands for all kinds; an exec starts anew. */
    private record Key(ProcessId process, int image, Kind kind) {}

    GrowingCounts(Tracker tracker, LeakRegistry registry, long window) {
        this.tracker = tracker;
        this.registry = registry;
        watch = new GrowthWatch<>(window, SERIES);
    }

    /** To be called when all other rules have spoken. */
    void judge(long now) {
        processes.clear();
        tracker.forEachProcess(process -> {
            if (tracker.holdings().answersForTable(process)) {
                judge(process, now);
            }
        });
        watch.endSweep(now);
    }

    private void judge(TrackedProcess process, long now) {
        Holdings holdings = tracker.holdings();
        long left = holdings.left(process);
        for (Kind kind : KINDS) {
            int open = kind == Kind.PROCESS ? holdings.open(process) : holdings.open(process, kind);
            if (open == 0) {
                continue;
            }
            int reported = kind == Kind.PROCESS ? 0 : registry.reported(process.id(), kind);
            Key key = new Key(process.id(), process.executions(), kind);
            Optional<Growth> growth = watch.observe(key, now, open - reported, left);
            if (growth.isEmpty()) {
                continue;
            }
            if (kind == Kind.PROCESS) {
                processes.put(process.id(), growing(growth.get(), left));
            } else {
                report(process, kind, growth.get(), left);
            }
        }
    }

    private static Leak.Growing growing(Growth growth, long left) {
        return new Leak.Growing(
                growth.perSecond() * SECONDS_PER_MINUTE,
                left == Long.MAX_VALUE
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(growth.timeToOpen(left).toMillis() / 1e3));
    }

    private void report(TrackedProcess process, Kind kind, Growth growth, long left) {
        Optional<Holdings.Site> site = tracker.holdings()
                .busiestSite(process, kind, growth.since(), fd -> !registry.isReported(process.id(), fd));
        if (site.isEmpty()) {
            return;
        }
        LeakKey key = new LeakKey(Rule.GROWTH, process.id(), kind.ordinal(), process.executions());
        registry.report(
                key,
                new Leak(
                        key.id(),
                        Rule.GROWTH,
                        Confidence.SUSPECTED,
                        kind,
                        site.get().newest().origin(),
                        Leak.Holder.of(process),
                        Optional.of(new Leak.Descriptor(site.get().newest(), Optional.empty())),
                        Optional.empty(),
                        Optional.empty(),
                        site.get().count(),
                        growth.since(),
                        Optional.of(growing(growth, left))));
    }

    /** How all that a process holds grows, when it does. */
    Optional<Leak.Growing> of(ProcessId process) {
        return Optional.ofNullable(processes.get(process));
    }

    /** Histories that had to be forgotten for others. */
    long evictions() {
        return watch.evictions();
    }
}
