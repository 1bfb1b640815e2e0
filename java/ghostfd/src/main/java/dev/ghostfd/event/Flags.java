/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.event;

/** {@code enum record_flag} in bpf/events.h. */
public final class Flags {
    public static final int READ = 1;
    public static final int WRITE = 1 << 1;
    public static final int CLOEXEC = 1 << 2;
    public static final int PAIR = 1 << 3;
    public static final int LINKED = 1 << 4;
    public static final int MASTER = 1 << 5;
    public static final int UNREAD = 1 << 6;
    public static final int THREAD = 1 << 8;
    public static final int LAST_THREAD = 1 << 9;
    public static final int EXITING = 1 << 10;
    public static final int TRUNCATED = 1 << 11;
    public static final int ZOMBIE = 1 << 12;
    public static final int PEER_CLOSED = 1 << 13;
    public static final int SHARED = 1 << 14;

    private Flags() {}
}
