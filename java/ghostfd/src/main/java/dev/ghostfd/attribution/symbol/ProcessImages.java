/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import dev.ghostfd.attribution.ProcessStat;
import dev.ghostfd.lifecycle.CallStack;
import dev.ghostfd.lifecycle.ProcessId;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The images of processes, the last used ones kept, also of processes that have exited. For one thread. */
final class ProcessImages {
    /** A few kilobytes each. */
    private static final int CAPACITY = 256;

    /** A stack that does not fit may be of a library loaded since; one that never fits must not be read for each time. */
    private static final long READ_AGAIN_NANOS = 1_000_000_000L;

    private final Path proc;
    private final Map<ProcessId, ProcessImage> images = new LinkedHashMap<>(16, 0.75f, true);

    ProcessImages(Path proc) {
        this.proc = proc;
    }

    /** The image that a stack was taken in; empty when the process went before anybody looked. */
    Optional<ProcessImage> of(CallStack stack) {
        ProcessId process = stack.process();
        Optional<ProcessImage> known = Optional.ofNullable(images.get(process));
        Optional<ProcessStat> stat = ProcessStat.read(proc, process.pid()).filter(now -> now.isOf(process));
        if (stat.isEmpty()) {
            return known;
        }
        long now = System.nanoTime();
        boolean current = known.filter(image -> image.isOf(stat.get()))
                .filter(image -> image.covers(stack) || now - image.readAt() < READ_AGAIN_NANOS)
                .isPresent();
        return current
                ? known
                : ProcessImage.read(proc, process, stat.get(), now).map(this::keep);
    }

    private ProcessImage keep(ProcessImage image) {
        images.put(image.process(), image);
        if (images.size() > CAPACITY) {
            images.remove(images.keySet().iterator().next());
        }
        return image;
    }
}
