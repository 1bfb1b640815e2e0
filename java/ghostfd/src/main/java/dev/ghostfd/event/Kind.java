/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.event;

/** What a descriptor stands for. Codes are those of {@code enum descriptor_kind} in bpf/events.h. */
public enum Kind {
    NONE("none"),
    FILE("file"),
    DIRECTORY("directory"),
    DEVICE("device"),
    PIPE("pipe"),
    FIFO("fifo"),
    SOCKET("socket"),
    PTY("pty"),
    PIDFD("pidfd"),
    EVENTFD("eventfd"),
    EVENTPOLL("eventpoll"),
    TIMERFD("timerfd"),
    SIGNALFD("signalfd"),
    INOTIFY("inotify"),
    FANOTIFY("fanotify"),
    MEMFD("memfd"),
    IO_URING("io_uring"),
    BPF("bpf"),
    PERF_EVENT("perf_event"),
    USERFAULTFD("userfaultfd"),
    ANON("anon"),
    /** Not a descriptor's: an unreaped child. Never on the wire. */
    PROCESS("process");

    private static final Kind[] BY_CODE = values();
    private final String label;

    Kind(String label) {
        this.label = label;
    }

    /** The name used in JSON, metrics and on the command line. */
    public String label() {
        return label;
    }

    /** The kind with the given wire code; unknown codes, from a newer object, are {@link #ANON}. */
    public static Kind of(int code) {
        return code >= 0 && code < PROCESS.ordinal() ? BY_CODE[code] : ANON;
    }

    /** Whether descriptors of this kind are ends of something that has another side. */
    public boolean isPipe() {
        return this == PIPE || this == FIFO;
    }
}
