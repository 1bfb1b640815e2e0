/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

/** The rules, in order of precedence: a descriptor is reported under the first that holds. */
public enum Rule {
    ORPHANED_PIPE(
            "orphaned-pipe",
            "Every child that had the other end has exited: close this end when the child is done, and wait for it."),
    ORPHANED_SOCKET(
            "orphaned-socket",
            "The process at the other end of this socketpair has exited: close this end when it is done."),
    ORPHANED_PTY(
            "orphaned-pty", "Nobody has the terminal side open any more: close the pty master when its session ends."),
    DEAD_PIDFD("dead-pidfd", "The process behind this pidfd has exited: close the pidfd once it has been waited for."),
    OUTLIVES_CHILD(
            "outlives-child",
            "It was given to one child as stdio, and that child has exited: close the parent's copy right after the start."),
    INHERITED_PIPE(
            "inherited-pipe",
            "The child is gone, but another process still holds its end, so this one never sees EOF: see peer.holders."
                    + " Give long-lived grandchildren other output, and make pipes close-on-exec."),
    STRAY_INHERITED(
            "stray-inherited",
            "It was made for another process, and this one was left with it: make it with close-on-exec (O_CLOEXEC,"
                    + " pipe2, SOCK_CLOEXEC)."),
    GROWTH(
            "growth",
            "Their number rises steadily: find out where they are made (callSite) and close each when it is done."),
    UNREAPED_CHILD(
            "unreaped-child",
            "The child has exited and its parent does not collect it: call wait(2) or waitpid(2) for every child, or"
                    + " ignore SIGCHLD.");

    private final String label;
    private final String hint;

    Rule(String label, String hint) {
        this.label = label;
        this.hint = hint;
    }

    /** The value of the {@code rule} label and field. */
    public String label() {
        return label;
    }

    /** What to change in the code. */
    public String hint() {
        return hint;
    }
}
