/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

/** One side of a pipe, FIFO or pty. */
public enum End {
    NONE(""),
    READ("read"),
    WRITE("write"),
    /** A FIFO opened for both. */
    BOTH("both"),
    MASTER("master"),
    SLAVE("slave");

    private final String label;

    End(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
