/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.differential;

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
 * @param representative a live thread of each process: its first one, if that has not exited before the others
 * @param tables one thread of each distinct table, with its process
 */
record Barrier(Map<Integer, Integer> representative, Map<Integer, Integer> tables) {
    /** Reads {@code BARRIER n PID/TID/TABLE …}. */
    static Barrier parse(String line) {
        Map<Integer, Integer> representative = new LinkedHashMap<>();
        Map<Integer, Integer> tables = new LinkedHashMap<>();
        Set<Integer> seen = new HashSet<>();
        String[] words = line.split(" ", -1);
        for (int i = 2; i < words.length; i++) {
            String[] numbers = words[i].split("/", -1);
            int pid = Integer.parseInt(numbers[0]);
            int tid = Integer.parseInt(numbers[1]);
            if (pid == tid) {
                representative.put(pid, tid);
            } else {
                representative.putIfAbsent(pid, tid);
            }
            if (seen.add(Integer.valueOf(numbers[2]))) {
                tables.put(tid, pid);
            }
        }
        return new Barrier(representative, tables);
    }

    /** What differs between the kernel's tables and the daemon's, one line each. */
    List<String> mismatches(Daemon daemon, Iterable<Integer> pids) {
        List<String> mismatches = new ArrayList<>();
        for (int pid : pids) {
            int tid = representative.get(pid);
            SortedMap<Integer, String> kernel = Tables.ofKernel(pid, tid);
            SortedMap<Integer, String> told =
                    daemon.process(pid).map(Tables::ofAnswer).orElse(null);
            if (told == null) {
                mismatches.add("process " + pid + " is not known");
            } else if (!told.equals(kernel)) {
                mismatches.add("process " + pid + " (thread " + tid + "): " + differences(kernel, told));
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
