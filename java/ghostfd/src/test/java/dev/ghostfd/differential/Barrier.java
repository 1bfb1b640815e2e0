/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.differential;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A pause of the program in which nothing moves: who lives, and with which table.
 *
 * @param threads of each process those whose table stands for it: its first one, or all others once that has exited
 * @param tables one thread of each distinct table, with its process
 */
record Barrier(Map<Integer, List<Integer>> threads, Map<Integer, Integer> tables) {
    /** Reads {@code BARRIER n PID/TID/TABLE …}. */
    static Barrier parse(String line) {
        Map<Integer, List<Integer>> threads = new LinkedHashMap<>();
        Map<Integer, Integer> tables = new LinkedHashMap<>();
        Set<Integer> seen = new HashSet<>();
        String[] words = line.split(" ", -1);
        for (int i = 2; i < words.length; i++) {
            String[] numbers = words[i].split("/", -1);
            int pid = Integer.parseInt(numbers[0]);
            int tid = Integer.parseInt(numbers[1]);
            List<Integer> known = threads.computeIfAbsent(pid, _ -> new ArrayList<>());
            if (pid == tid) {
                known.clear();
            }
            if (!known.contains(pid)) {
                known.add(tid);
            }
            if (seen.add(Integer.valueOf(numbers[2]))) {
                tables.put(tid, pid);
            }
        }
        return new Barrier(threads, tables);
    }

    /** What differs between the kernel's tables and the daemon's, one line each. */
    List<String> mismatches(Daemon daemon, Iterable<Integer> pids) {
        List<String> mismatches = new ArrayList<>();
        for (int pid : pids) {
            SortedMap<Integer, String> told =
                    daemon.process(pid).map(Tables::ofAnswer).orElse(null);
            if (told == null) {
                mismatches.add("process " + pid + " is not known");
                continue;
            }
            List<String> ofEach = new ArrayList<>();
            for (int tid : threads.get(pid)) {
                String thread = "process " + pid + " (thread " + tid + ")";
                try {
                    SortedMap<Integer, String> kernel = Tables.ofKernel(pid, tid);
                    if (!told.equals(kernel)) {
                        ofEach.add(thread + ": " + differences(kernel, told));
                    }
                } catch (UncheckedIOException gone) {
                    ofEach.add(thread + " cannot be looked at: " + gone.getMessage());
                }
            }
            if (ofEach.size() == threads.get(pid).size()) {
                mismatches.add(ofEach.getFirst());
            }
        }
        return mismatches;
    }

    /** Descriptors in all tables, those of a shared one once. */
    long descriptors() {
        return tables.entrySet().stream()
                .mapToLong(table ->
                        Tables.ofKernel(table.getValue(), table.getKey()).size())
                .sum();
    }

    private static Map<Integer, String> differences(Map<Integer, String> kernel, Map<Integer, String> told) {
        Set<Integer> numbers = new HashSet<>(kernel.keySet());
        numbers.addAll(told.keySet());
        Map<Integer, String> differences = new HashMap<>();
        for (int fd : numbers) {
            String real = kernel.getOrDefault(fd, "nothing");
            String claimed = told.getOrDefault(fd, "nothing");
            if (!real.equals(claimed)) {
                differences.put(fd, "kernel " + real + ", ghostfd " + claimed);
            }
        }
        return new TreeMap<>(differences);
    }
}
