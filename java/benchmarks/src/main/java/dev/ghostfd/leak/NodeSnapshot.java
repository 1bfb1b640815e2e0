/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.DescriptorSnapshot;
import dev.ghostfd.event.SnapshotBuilder;
import dev.ghostfd.event.TaskSnapshot;
import dev.ghostfd.kernel.RecordHandler;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What the kernel's iterators would show, in memory. */
final class NodeSnapshot {
    private final MemorySegment tasks;
    private final MemorySegment descriptors;
    private long taskEnd;
    private long descriptorEnd;

    NodeSnapshot(int mostTasks, int mostDescriptors) {
        tasks = Arena.global().allocate((long) mostTasks * TaskSnapshot.BYTES, 8);
        descriptors = Arena.global().allocate((long) mostDescriptors * DescriptorSnapshot.BYTES, 8);
    }

    void add(SnapshotBuilder.Task task) {
        MemorySegment.copy(task.memory(), 0, tasks, taskEnd, TaskSnapshot.BYTES);
        taskEnd += TaskSnapshot.BYTES;
    }

    void add(SnapshotBuilder.Descriptor descriptor) {
        MemorySegment.copy(descriptor.memory(), 0, descriptors, descriptorEnd, DescriptorSnapshot.BYTES);
        descriptorEnd += DescriptorSnapshot.BYTES;
    }

    void tasks(RecordHandler handler) {
        for (long at = 0; at < taskEnd; at += TaskSnapshot.BYTES) {
            handler.record(tasks, at, TaskSnapshot.BYTES);
        }
    }

    void descriptors(RecordHandler handler) {
        for (long at = 0; at < descriptorEnd; at += DescriptorSnapshot.BYTES) {
            handler.record(descriptors, at, DescriptorSnapshot.BYTES);
        }
    }
}
