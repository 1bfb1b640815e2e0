/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.Event;
import dev.ghostfd.event.EventType;
import dev.ghostfd.kernel.RecordHandler;
import dev.ghostfd.lifecycle.Tracker;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;

/** Takes records from the ring to the tracker, and counts them. Owned by the consumer thread. */
final class EventStream implements RecordHandler {
    private final Event event = new Event();
    private final long[] counts = new long[EventType.COUNT];
    private final Tracker tracker;
    private long newest;

    EventStream(Tracker tracker) {
        this.tracker = tracker;
    }

    @Override
    public void record(MemorySegment memory, long offset, int length) {
        if (!event.wrap(memory, offset, length)) {
            counts[0]++;
            return;
        }
        counts[event.type()]++;
        newest = event.time();
        tracker.apply(event);
    }

    /** Time of the newest event read, CLOCK_BOOTTIME nanoseconds. */
    long newest() {
        return newest;
    }

    /** Records of a type, or of a size, that this version does not know. */
    long unknown() {
        return counts[0];
    }

    Map<String, Long> counts() {
        Map<String, Long> byLabel = new TreeMap<>();
        for (int type = 1; type < EventType.COUNT; type++) {
            byLabel.put(EventType.label(type), counts[type]);
        }
        return byLabel;
    }
}
