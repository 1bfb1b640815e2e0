/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** Rule and confidence of everything that was ever reported of a case, also if it was gone a second later. */
    private final Map<CorpusCase, Set<String>> ever = new LinkedHashMap<>();

    private final GhostfdProcess daemon;

    /**
     * What is reported of one case.
     *
     * @param now how often each role, rule and kind is reported, as `main orphaned-pipe pipe`
     * @param ever rules that were reported at any time, with their confidence, as `orphaned-pipe confirmed`
     */
    record Findings(Map<String, Long> now, Set<String> ever) {
        /** Rules that were reported at any time. */
        Set<String> rules() {
            Set<String> rules = new TreeSet<>();
            ever.forEach(finding -> rules.add(finding.split(" ", -1)[0]));
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
        await().during(time).atMost(time.plusSeconds(30)).pollInterval(POLL).until(this::look);
    }

    /** Looks on until a case is as expected, or the time is over; what was found then. */
    Findings awaitFindings(CorpusCase program, Predicate<Findings> expected, long deadline) {
        Findings[] found = new Findings[1];
        try {
            await().atMost(Duration.ofNanos(Math.max(Duration.ofSeconds(3).toNanos(), deadline - System.nanoTime())))
                    .pollInterval(POLL)
                    .pollDelay(Duration.ZERO)
                    .until(() -> {
                        found[0] = findings(program);
                        return expected.test(found[0]);
                    });
        } catch (ConditionTimeoutException late) {
            // What was found by then is the answer.
        }
        return found[0];
    }

    Findings findings(CorpusCase program) {
        look();
        ScopeRoot root = running.get(program);
        Set<Integer> pids = root.pids();
        Map<String, Long> now = daemon.api().leaks().stream()
                .filter(leak -> pids.contains(pidOf(leak)))
                .collect(groupingBy(leak -> described(root, leak), TreeMap::new, counting()));
        return new Findings(now, Set.copyOf(ever.get(program)));
    }

    /** Takes down what is reported now. */
    private boolean look() {
        for (JsonNode leak : daemon.api().leaks()) {
            CorpusCase program = caseOf(pidOf(leak))
                    .orElseThrow(() -> new AssertionError("of a process that belongs to no case: " + leak));
            ever.get(program)
                    .add(leak.at("/rule").asText() + " "
                            + leak.at("/confidence").asText());
        }
        return true;
    }

    private Optional<CorpusCase> caseOf(int pid) {
        return running.entrySet().stream()
                .filter(entry -> entry.getValue().pids().contains(pid))
                .map(Map.Entry::getKey)
                .findFirst();
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

    @Override
    public void close() {
        daemon.close();
        running.values().forEach(ScopeRoot::close);
    }
}
