/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.container;

import java.util.Optional;

/** Where the names of pods and their containers come from. Thread-safe; answers from memory, never blocks. */
public interface PodNames {
    /** Outside Kubernetes. */
    PodNames NONE = _ -> Answer.NOTHING;

    /** What is known at this moment of the container that a cgroup's path names. */
    Answer of(ContainerPath path);

    /**
     * Names of one container; each is empty while, or where, it is not known.
     *
     * @param pending whether a name that is missing may still come within seconds
     */
    record Answer(
            Optional<String> container,
            Optional<ContainerRuntime> runtime,
            Optional<String> pod,
            Optional<String> namespace,
            Optional<String> podUid,
            boolean pending) {
        static final Answer NOTHING = new Answer(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
    }
}
