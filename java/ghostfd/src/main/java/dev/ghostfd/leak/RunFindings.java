/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.Event;
import dev.ghostfd.event.EventType;
import dev.ghostfd.event.Flags;
import dev.ghostfd.lifecycle.Origin;
import dev.ghostfd.lifecycle.ProcessId;
import dev.ghostfd.lifecycle.TrackedProcess;
import dev.ghostfd.lifecycle.Tracker;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps what a run has to answer for. A daemon takes a finding back when its process exits, for the kernel has closed the
 * descriptor; a test program has exited by the time anybody asks. So a finding is kept if it stood within the last grace
 * before its process exited: what an interpreter closes while it winds up was not closed by the program. And what the
 * process held in its last moment is judged even if it did not live for the grace. Fed by the consumer thread; {@link
 * #result} is for whoever has seen that thread end.
 */
public final class RunFindings implements Feed {
    private final Analysis analysis;
    private final ExitCensus census;
    private final Event event = new Event();
    private final Map<String, Kept> kept = new HashMap<>();
    private final List<ProcessEnd> ends = new ArrayList<>();
    private final long grace;
    private final boolean listsHeld;
    private ProcessWatcher watcher = ProcessWatcher.NONE;
    private int processes;
    private long heldUnlisted;

    /**
     * A finding.
     *
     * @param gone when it was not seen any more; empty while it stands
     * @param isFinal whether its process has exited with it
     */
    private record Kept(Leak leak, OptionalLong gone, boolean isFinal) {}

    /**
     * What came of a run.
     *
     * @param leaks those that stand, and those that stood when their process exited; oldest first
     * @param ends processes that exited with descriptors above 2 of their own; empty unless they were asked for
     * @param unlisted descriptors held at exit beyond those listed in ends
     * @param processes how many processes exited
     */
    public record Result(List<Leak> leaks, List<ProcessEnd> ends, long unlisted, int processes) {}

    /**
     * Nothing known yet.
     *
     * @param listsHeld whether to list every descriptor that a process holds when it exits
     */
    public RunFindings(TracingOptions options, boolean listsHeld) {
        this.analysis = new Analysis(options.grace(), options.growthWindow());
        this.census = new ExitCensus(analysis.detector().tracker(), options.grace());
        this.grace = options.grace();
        this.listsHeld = listsHeld;
    }

    /** Before the first event: who looks at processes while they live. */
    public void tell(ProcessWatcher told) {
        watcher = told;
    }

    Analysis analysis() {
        return analysis;
    }

    private Tracker tracker() {
        return analysis.detector().tracker();
    }

    @Override
    public void event(MemorySegment memory, long offset, int length) {
        if (!event.wrap(memory, offset, length)) {
            analysis.event(memory, offset, length);
            return;
        }
        switch (event.type()) {
            case EventType.CENSUS -> {
                if (event.has(Flags.EXITING)) {
                    census.note(event);
                }
                analysis.event(memory, offset, length);
            }
            case EventType.EXIT -> exit(memory, offset, length);
            case EventType.EXEC -> {
                watcher.runs(new ProcessId(event.tgid(), event.start()), Optional.empty());
                analysis.event(memory, offset, length);
            }
            case EventType.FORK -> {
                Optional<ProcessId> parent = tracker().process(event.tgid()).map(TrackedProcess::id);
                if (!event.has(Flags.THREAD)) {
                    watcher.runs(new ProcessId(event.child(), event.start()), parent);
                }
                analysis.event(memory, offset, length);
            }
            default -> analysis.event(memory, offset, length);
        }
    }

    private void exit(MemorySegment memory, long offset, int length) {
        Optional<TrackedProcess> process = event.has(Flags.THREAD)
                ? Optional.empty()
                : tracker().process(event.tgid()).filter(known -> known.id().startTime() == event.start());
        if (process.isEmpty()) {
            analysis.event(memory, offset, length);
            return;
        }
        ExitCensus.Verdict verdict = census.judge(process.get(), event);
        analysis.event(memory, offset, length);
        processes++;
        boolean tableLivesOn = tracker().owner(event.table()).isPresent();
        settle(process.get().id(), tableLivesOn);
        if (!tableLivesOn) {
            verdict.leaks().stream()
                    .filter(leak -> !isTold(leak))
                    .forEach(leak -> kept.put(leak.id(), new Kept(leak, OptionalLong.empty(), true)));
            list(verdict.end());
        }
    }

    /** A table that another process uses goes on, and its leaks are that one's from now on. */
    private void settle(ProcessId process, boolean tableLivesOn) {
        long since = event.time() - grace;
        List<Kept> own = kept.values().stream()
                .filter(finding ->
                        !finding.isFinal() && finding.leak().process().id().equals(process))
                .filter(finding -> finding.gone().orElse(since) >= since)
                .filter(finding -> !(tableLivesOn && finding.leak().descriptor().isPresent()))
                /* Those that stand first: of a descriptor that has come under another rule since, the last word counts. */
                .sorted(Comparator.comparing(finding -> finding.gone().isPresent()))
                .toList();
        for (Kept finding : own) {
            if (!isTold(finding.leak())) {
                kept.put(finding.leak().id(), new Kept(finding.leak(), OptionalLong.empty(), true));
            }
        }
    }

    /** Whether the same descriptor is kept for good, under whatever rule. */
    private boolean isTold(Leak leak) {
        return leak.descriptor().isPresent()
                && kept.values().stream()
                        .filter(Kept::isFinal)
                        .map(Kept::leak)
                        .filter(other ->
                                other.process().id().equals(leak.process().id()))
                        .flatMap(other -> other.descriptor().stream())
                        .anyMatch(other -> other.view().fd()
                                        == leak.descriptor().get().view().fd()
                                && other.view().inode()
                                        == leak.descriptor().get().view().inode());
    }

    private void list(ProcessEnd end) {
        if (!listsHeld || end.held().isEmpty()) {
            return;
        }
        if (ends.size() < ProcessEnd.MOST_LISTED) {
            ends.add(end);
        } else {
            heldUnlisted += end.held().size();
        }
    }

    @Override
    public void endSweep(long now) {
        analysis.endSweep(now);
        List<Leak> standing = analysis.detector().leaks();
        Set<String> ids = standing.stream().map(Leak::id).collect(Collectors.toCollection(HashSet::new));
        kept.values()
                .removeIf(finding -> !finding.isFinal()
                        && finding.gone().isPresent()
                        && finding.gone().getAsLong() < now - 2 * grace);
        kept.replaceAll((id, finding) -> finding.isFinal() || finding.gone().isPresent() || ids.contains(id)
                ? finding
                : new Kept(finding.leak(), OptionalLong.of(now), false));
        for (Leak leak : standing) {
            kept.put(leak.id(), new Kept(leak, OptionalLong.empty(), false));
        }
    }

    /** Everything found so far. */
    public Result result() {
        List<Leak> leaks = kept.values().stream()
                .filter(finding -> finding.isFinal() || finding.gone().isEmpty())
                .map(Kept::leak)
                .sorted(Comparator.comparingLong(Leak::firstSeen).thenComparing(Leak::id))
                .toList();
        return new Result(leaks, List.copyOf(ends), heldUnlisted, processes);
    }

    @Override
    public void beginMerge(long now, Origin origin) {
        analysis.beginMerge(now, origin);
    }

    @Override
    public void mergeTask(MemorySegment memory, long offset, int length) {
        analysis.mergeTask(memory, offset, length);
    }

    @Override
    public void mergeDescriptor(MemorySegment memory, long offset, int length) {
        analysis.mergeDescriptor(memory, offset, length);
    }

    @Override
    public void recheckTask(MemorySegment memory, long offset, int length) {
        analysis.recheckTask(memory, offset, length);
    }

    @Override
    public void endMerge(long now) {
        analysis.endMerge(now);
    }

    @Override
    public void settled() {
        analysis.settled();
    }

    @Override
    public void sweepTask(MemorySegment memory, long offset, int length) {
        analysis.sweepTask(memory, offset, length);
    }

    @Override
    public void sweepCandidate(MemorySegment memory, long offset, int length) {
        analysis.sweepCandidate(memory, offset, length);
    }
}
