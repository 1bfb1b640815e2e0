/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

/** How a descriptor became known. */
public enum Origin {
    /** An event told of its creation. */
    TRACED("traced"),
    /** It was there when tracing began; its history is unknown. */
    BEFORE_START("before-start"),
    /** Only a later snapshot showed it: nothing that can be traced made it, or the event was lost. */
    SNAPSHOT("snapshot");

    private final String label;

    Origin(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
