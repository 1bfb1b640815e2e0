/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.TaskSnapshot;
import dev.ghostfd.kernel.KernelException;
import dev.ghostfd.kernel.Tracer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts running processes and their descendants in scope. Those they start later follow by themselves, in the kernel. */
public final class Subtrees {
    private record Task(int parent, long start) {}

    private Subtrees() {}

    /**
     * Admits these processes and everything below them. Repeats until nothing new is found, because a process forked
     * between the look and the admission of its parent was followed by nobody.
     *
     * @throws KernelException if one of them does not exist
     */
    public static void admit(Tracer tracer, List<Integer> roots) {
        Set<Integer> admitted = new HashSet<>();
        int before = -1;
        while (admitted.size() != before) {
            before = admitted.size();
            Map<Integer, Task> tasks = read(tracer);
            for (int root : roots) {
                if (!tasks.containsKey(root)) {
                    throw new KernelException("trace process " + root, 0, "there is no process with this pid");
                }
            }
            tasks.forEach((pid, task) -> {
                if (!admitted.contains(pid) && isBelow(pid, roots, tasks)) {
                    tracer.admit(pid, task.start());
                    admitted.add(pid);
                }
            });
        }
    }

    private static boolean isBelow(int pid, List<Integer> roots, Map<Integer, Task> tasks) {
        int up = pid;
        for (Task task = tasks.get(up); task != null; task = tasks.get(up)) {
            if (roots.contains(up)) {
                return true;
            }
            if (task.parent() == up) {
                return false;
            }
            up = task.parent();
        }
        return false;
    }

    private static Map<Integer, Task> read(Tracer tracer) {
        TaskSnapshot task = new TaskSnapshot();
        Map<Integer, Task> tasks = new HashMap<>();
        tracer.snapshots().allTasks(TaskSnapshot.BYTES, (memory, offset, length) -> {
            task.wrap(memory, offset);
            tasks.put(task.tgid(), new Task(task.parent(), task.start()));
        });
        return tasks;
    }
}
