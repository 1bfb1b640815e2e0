/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Cases of the corpus that run at the same time, observed by one daemon that is scoped to them: that takes a minute instead
 * of many, and no case may be blamed for another.
 */
final class CorpusRun implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Pattern HOLDER = Pattern.compile("^HOLDER pid=(\\d+) (?:tid=\\d+ )?role=(\\S+)");

    private final Map<CorpusCase, ScopeRoot> running = new LinkedHashMap<>();

    /** Role, rule, kind and confidence of all that was ever reported of a case, also if it was gone a second later. */
    private final Map<CorpusCase, Set<String>> ever = new LinkedHashMap<>();

    /** By pid, as far as one has been reported. */
    private final Map<Integer, CorpusCase> owners = new HashMap<>();

    private final GhostfdProcess daemon;

    /**
     * What is reported of one case.
     *
     * @param now how often each role, rule and kind is reported, as `main orphaned-pipe pipe`
     * @param ever what was reported at any time, as `main orphaned-pipe pipe confirmed`
     */
    record Findings(Map<String, Long> now, Set<String> ever) {
        /** Rules that were reported at any time. */
        Set<String> rules() {
            Set<String> rules = new TreeSet<>();
            ever.forEach(finding -> rules.add(finding.split(" ", -1)[1]));
            return rules;
        }

        boolean hasConfirmed() {
            return ever.stream().anyMatch(finding -> finding.endsWith(" confirmed"));
        }

        @Override
        public String toString() {
            Map<String, Long> all = new TreeMap<>(now);
            rules().stream()
                    .filter(rule -> now.keySet().stream().noneMatch(one -> one.contains(" " + rule + " ")))
                    .forEach(rule -> all.put("(was) " + rule, 0L));
            return all.isEmpty() ? "-" : CorpusTable.text(all);
        }
    }

    /**
     * Starts them all, observed from their first descriptor on.
     *
     * @param pace milliseconds between two instances of a case
     */
    CorpusRun(Set<CorpusCase> cases, int instances, int seconds, int pace, String... options) {
        for (CorpusCase program : cases) {
            running.put(program, program.waitingToRun(instances, seconds, pace));
            ever.put(program, new TreeSet<>());
        }
        List<String> all = new ArrayList<>(List.of(options));
        // Sixty programs start at once, on a machine that may be busy with others.
        all.add("--ring-buffer=64MiB");
        running.values().forEach(root -> all.add(root.scope()));
        daemon = GhostfdProcess.daemon(all.toArray(String[]::new));
        running.values().forEach(ScopeRoot::release);
    }

    /** Waits until every case has said that all is in place. */
    void awaitReady(Duration atMost) {
        running.values().forEach(program -> program.awaitReady(atMost));
    }

    /** Looks on for a while. */
    void watch(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        await().atMost(time.plusSeconds(60)).pollInterval(POLL).until(() -> {
            look();
            return System.nanoTime() >= end;
        });
    }

    /** Looks on until all cases are as expected at the same time, or the time is over; what is found then. */
    Map<CorpusCase, Findings> awaitFindings(Map<CorpusCase, Predicate<Findings>> expected, long deadline) {
        Map<CorpusCase, Findings> found = new HashMap<>();
        try {
            await().atMost(Duration.ofNanos(Math.max(Duration.ofSeconds(3).toNanos(), deadline - System.nanoTime())))
                    .pollInterval(POLL)
                    .until(() -> {
                        found.putAll(findings());
                        return found.entrySet().stream()
                                .allMatch(one -> expected.get(one.getKey()).test(one.getValue()));
                    });
        } catch (ConditionTimeoutException late) {
            // What was found by then is the answer.
        }
        return found;
    }

    private Map<CorpusCase, Findings> findings() {
        List<JsonNode> leaks = look();
        Map<CorpusCase, Findings> found = new HashMap<>();
        running.forEach((program, root) -> {
            Map<String, Long> now = leaks.stream()
                    .filter(leak -> caseOf(leak).equals(program))
                    .collect(groupingBy(leak -> described(root, leak), TreeMap::new, counting()));
            found.put(program, new Findings(now, Set.copyOf(ever.get(program))));
        });
        return found;
    }

    /** Takes down what is reported now. */
    private List<JsonNode> look() {
        List<JsonNode> leaks = daemon.api().leaks();
        for (JsonNode leak : leaks) {
            CorpusCase program = caseOf(leak);
            String finding = described(running.get(program), leak);
            ever.get(program).add(finding + " " + leak.at("/confidence").asText());
        }
        return leaks;
    }

    private CorpusCase caseOf(JsonNode leak) {
        if (!owners.containsKey(pidOf(leak))) {
            running.forEach((program, root) -> root.pids().forEach(pid -> owners.put(pid, program)));
        }
        CorpusCase owner = owners.get(pidOf(leak));
        if (owner == null) {
            throw new AssertionError("of a process that belongs to no case: " + leak);
        }
        return owner;
    }

    private static int pidOf(JsonNode leak) {
        return leak.at("/process/pid").asInt();
    }

    private static String described(ScopeRoot program, JsonNode leak) {
        return roleOf(program, pidOf(leak)) + " " + leak.at("/rule").asText() + " "
                + leak.at("/kind").asText();
    }

    private static String roleOf(ScopeRoot program, int pid) {
        for (String line : program.lines()) {
            var holder = HOLDER.matcher(line);
            if (holder.find() && Integer.parseInt(holder.group(1)) == pid) {
                return holder.group(2);
            }
            if (line.equals("READY pid=" + pid)) {
                return "main";
            }
        }
        return program.pid() == pid ? "main" : "pid " + pid;
    }

    /** Records that the daemon had no room for. */
    long lost() {
        return (long) daemon.api().metric("ghostfd_events_lost_total");
    }

    @Override
    public void close() {
        daemon.close();
        running.values().forEach(ScopeRoot::close);
    }
}
