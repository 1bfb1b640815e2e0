/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.event;

import java.util.List;

/** {@code enum event_type} in bpf/events.h: plain numbers, because they are switched on per event. */
public final class EventType {
    public static final int OPEN = 1;
    public static final int CLOSE = 2;
    public static final int CLOSE_RANGE = 3;
    public static final int TABLE_COPY = 4;
    public static final int FORK = 5;
    public static final int EXEC = 6;
    public static final int EXIT = 7;
    public static final int FREE = 8;
    public static final int CENSUS = 9;
    public static final int CENSUS_END = 10;
    public static final int PAIR = 11;
    public static final int STACK = 12;

    /** How many types there are; a type from here on comes from a newer object and is counted as unknown. */
    public static final int COUNT = 13;

    private static final List<String> LABELS = List.of(
            "unknown",
            "open",
            "close",
            "close_range",
            "table_copy",
            "fork",
            "exec",
            "exit",
            "free",
            "census",
            "census_end",
            "pair",
            "stack");

    private EventType() {}

    /** The value of the {@code type} label. */
    public static String label(int type) {
        return LABELS.get(type > 0 && type < COUNT ? type : 0);
    }
}
