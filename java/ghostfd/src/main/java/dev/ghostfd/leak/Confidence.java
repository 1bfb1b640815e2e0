/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

/** How sure a finding is. */
public enum Confidence {
    /** The kernel's own state, read at the time of reporting, proves that nothing can pass any more. */
    CONFIRMED("confirmed"),
    /** The history says so. */
    SUSPECTED("suspected");

    private final String label;

    Confidence(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
