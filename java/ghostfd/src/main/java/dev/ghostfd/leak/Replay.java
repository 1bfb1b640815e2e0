/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.DescriptorSnapshot;
import dev.ghostfd.event.RecordingReader;
import dev.ghostfd.event.TaskSnapshot;
import dev.ghostfd.lifecycle.Origin;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** The same analysis again, from a recording: the same findings each time. */
public final class Replay implements RecordingReader.Visitor {
    private static final Origin[] ORIGINS = Origin.values();

    private final Analysis analysis;
    private final Map<String, Finding> findings = new LinkedHashMap<>();
    private long time;

    /**
     * A leak that was reported at some time.
     *
     * @param leak as last reported
     * @param resolvedAt CLOCK_BOOTTIME nanoseconds; empty if it stood to the end
     */
    public record Finding(Leak leak, OptionalLong resolvedAt) {}

    /**
     * What a recording held.
     *
     * @param findings in the order in which they were first reported
     * @param endedAt time of the last sweep, CLOCK_BOOTTIME nanoseconds
     * @param damage what is wrong with the recording; the findings are those from before that
     */
    public record Result(List<Finding> findings, long endedAt, Optional<String> damage) {}

    private Replay(long grace) {
        analysis = new Analysis(grace, TracingOptions.GROWTH_WINDOW);
    }

    /**
     * Replays a recording to its end, or to where it is damaged.
     *
     * @param grace nanoseconds
     */
    public static Result of(RecordingReader recording, long grace) throws IOException {
        Replay replay = new Replay(grace);
        Optional<String> damage = recording.readAll(replay);
        return new Result(new ArrayList<>(replay.findings.values()), replay.time, damage);
    }

    @Override
    public void record(int type, MemorySegment memory, long offset, int length) {
        switch (type) {
            case Recorder.Entry.EVENT -> analysis.event(memory, offset, length);
            case Recorder.Entry.MERGE_TASK -> {
                if (length >= TaskSnapshot.BYTES) {
                    analysis.mergeTask(memory, offset, length);
                }
            }
            case Recorder.Entry.MERGE_DESCRIPTOR -> {
                if (length >= DescriptorSnapshot.BYTES) {
                    analysis.mergeDescriptor(memory, offset, length);
                }
            }
            case Recorder.Entry.RECHECK_TASK -> {
                if (length >= TaskSnapshot.BYTES) {
                    analysis.recheckTask(memory, offset, length);
                }
            }
            case Recorder.Entry.SWEEP_TASK -> {
                if (length >= TaskSnapshot.BYTES) {
                    analysis.sweepTask(memory, offset, length);
                }
            }
            case Recorder.Entry.SWEEP_CANDIDATE -> {
                if (length >= DescriptorSnapshot.BYTES) {
                    analysis.sweepCandidate(memory, offset, length);
                }
            }
            default -> {
                /* From a newer version that records more. */
            }
        }
    }

    @Override
    public void mark(int type, long now, long argument) {
        switch (type) {
            case Recorder.Entry.BEGIN_MERGE ->
                analysis.beginMerge(now, ORIGINS[(int) Math.floorMod(argument, (long) ORIGINS.length)]);
            case Recorder.Entry.END_MERGE -> analysis.endMerge(now);
            case Recorder.Entry.SETTLED -> analysis.settled();
            case Recorder.Entry.END_SWEEP -> {
                analysis.endSweep(now);
                time = now;
                note(analysis.detector().leaks());
            }
            default -> {
                /* From a newer version that records more. */
            }
        }
    }

    private void note(List<Leak> standing) {
        Set<String> ids = standing.stream().map(Leak::id).collect(Collectors.toSet());
        findings.replaceAll((id, finding) -> finding.resolvedAt().isEmpty() && !ids.contains(id)
                ? new Finding(finding.leak(), OptionalLong.of(time))
                : finding);
        for (Leak leak : standing) {
            findings.put(leak.id(), new Finding(leak, OptionalLong.empty()));
        }
    }
}
