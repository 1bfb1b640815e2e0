/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

/** How a process ended: a status as wait(2) reports it. */
public record ExitStatus(int waitStatus) {
    /** Of a process whose end went by unseen. */
    static final int UNKNOWN = -1;

    /** The argument of exit(2), 0 when a signal ended the process. */
    public int code() {
        return waitStatus >> 8 & 0xff;
    }

    /** The signal that ended the process, 0 when it exited by itself. */
    public int signal() {
        return waitStatus & 0x7f;
    }
}
