/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.event;

/** Where the fields of snapshot records stand, in bytes; see {@link EventLayout} for what keeps this true. */
final class SnapshotLayout {
    static final int DESCRIPTOR_TIME = 0;
    static final int DESCRIPTOR_TABLE = 8;
    static final int DESCRIPTOR_INODE = 16;
    static final int DESCRIPTOR_FILE = 24;
    static final int DESCRIPTOR_SELF = 32;
    static final int DESCRIPTOR_PEER = 40;
    static final int DESCRIPTOR_TGID = 48;
    static final int DESCRIPTOR_TID = 52;
    static final int DESCRIPTOR_FD = 56;
    static final int DESCRIPTOR_FLAGS = 60;
    static final int DESCRIPTOR_KIND = 62;
    static final int DESCRIPTOR_READERS = 64;
    static final int DESCRIPTOR_WRITERS = 68;
    static final int DESCRIPTOR_BUFFERED = 72;
    static final int DESCRIPTOR_CONSUMED = 76;
    static final int DESCRIPTOR_BYTES = 80;

    static final int TASK_TIME = 0;
    static final int TASK_TABLE = 8;
    static final int TASK_START = 16;
    static final int TASK_CGROUP = 24;
    static final int TASK_SOFT_LIMIT = 32;
    static final int TASK_HARD_LIMIT = 40;
    static final int TASK_TGID = 48;
    static final int TASK_TID = 52;
    static final int TASK_PARENT = 56;
    static final int TASK_NS_PID = 60;
    static final int TASK_STATUS = 64;
    static final int TASK_FLAGS = 68;
    static final int TASK_COMM = 72;
    static final int TASK_BYTES = 88;

    private SnapshotLayout() {}
}
