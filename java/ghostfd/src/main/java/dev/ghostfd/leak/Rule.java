/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

/** The rules, in order of precedence: a descriptor is reported under the first that holds. */
public enum Rule {
    ORPHANED_PIPE(
            "orphaned-pipe",
            "Every child that had the other end has exited: close this end when the child is done, and wait for it"
                    + " (Go: read StdoutPipe to EOF, then cmd.Wait(); Python: with Popen(...) or communicate())."),
    UNREAPED_CHILD(
            "unreaped-child",
            "The child has exited and its parent does not collect it: call wait(2) or waitpid(2) for every child"
                    + " (Go: cmd.Wait(); Python: Popen.wait()), or ignore SIGCHLD.");

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
