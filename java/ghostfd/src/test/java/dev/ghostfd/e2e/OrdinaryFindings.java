/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All that was ever reported of ordinary work, with the kernel's own view of it for whoever has to judge. */
final class OrdinaryFindings {
    private static final String LINE = "%-9s %6s  %-9s  %s%n";
    private static final Set<String> EXPECTED = expected();

    /** By id and confidence: a finding may be suspected first and confirmed later. */
    private final Map<String, Finding> all = new LinkedHashMap<>();

    /**
     * One finding.
     *
     * @param work whose it is; empty if nobody's
     * @param json as first reported
     * @param kernel what /proc showed of the process then
     */
    record Finding(String work, JsonNode json, String kernel) {
        String sort() {
            return Stream.of("/process/comm", "/rule", "/kind", "/confidence")
                    .map(field -> json.at(field).asText())
                    .collect(Collectors.joining(" "));
        }

        boolean isConfirmed() {
            return json.at("/confidence").asText().equals("confirmed");
        }

        /** Confirmed, though nobody has found it to be true. */
        boolean isFalse() {
            return isConfirmed() && !EXPECTED.contains(work + " " + sort());
        }

        @Override
        public String toString() {
            return json + "\n" + kernel;
        }
    }

    private static Set<String> expected() {
        Path file = Path.of(System.getProperty("ghostfd.root", "../.."), "java/ghostfd/src/test/ordinary/expected.tsv");
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .map(field -> String.join(" ", List.of(field).subList(0, 5)))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes down what is reported now. */
    void look(Api api, Collection<OrdinaryWork> works) {
        for (JsonNode leak : api.leaks()) {
            String key = leak.at("/id").asText() + leak.at("/confidence").asText();
            if (!all.containsKey(key)) {
                String owner = works.stream()
                        .filter(work -> work.owns(leak.at("/process/cgroup").asText()))
                        .map(OrdinaryWork::name)
                        .findFirst()
                        .orElse("");
                all.put(key, new Finding(owner, leak, kernelView(leak)));
            }
        }
    }

    private static String kernelView(JsonNode leak) {
        int pid = leak.at("/process/pid").asInt();
        StringBuilder view = new StringBuilder("/proc/" + pid + ": ");
        Path proc = Path.of("/proc", Integer.toString(pid));
        try (Stream<Path> descriptors = Files.list(proc.resolve("fd"))) {
            view.append(Files.readString(proc.resolve("cmdline")).replace('\0', ' '))
                    .append('\n');
            for (Path descriptor : descriptors.sorted().toList()) {
                view.append("  ").append(descriptor.getFileName()).append(" -> ");
                view.append(Files.readSymbolicLink(descriptor)).append('\n');
            }
        } catch (IOException e) {
            view.append("gone: ").append(e);
        }
        return view.toString();
    }

    Stream<Finding> of(OrdinaryWork work) {
        return all.values().stream().filter(finding -> finding.work().equals(work.name()));
    }

    /** Those of processes that belong to no work. */
    List<Finding> strangers() {
        return all.values().stream().filter(finding -> finding.work().isEmpty()).toList();
    }

    /** How many different ones there were. */
    long count() {
        return all.values().stream()
                .map(finding -> finding.json().at("/id").asText())
                .distinct()
                .count();
    }

    /** Writes the table that scripts/ordinary prints, and everything that is known of each finding. */
    void write(Collection<OrdinaryWork> works, String summary) {
        StringBuilder table = new StringBuilder(LINE.formatted("WORK", "ROUNDS", "VERDICT", "REPORTED"));
        for (OrdinaryWork work : works) {
            table.append(LINE.formatted(work.name(), work.rounds(), verdict(work), reported(work)));
        }
        table.append(summary).append('\n');
        Path folder = Workbench.folder("ordinary");
        try {
            Files.writeString(folder.resolve("table"), table);
            Files.write(
                    folder.resolve("findings"),
                    all.values().stream().map(Finding::toString).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String verdict(OrdinaryWork work) {
        if (work.missing().isPresent()) {
            return "skipped";
        }
        return work.outcome().equals("done") && of(work).noneMatch(Finding::isFalse) ? "ok" : "WRONG";
    }

    private String reported(OrdinaryWork work) {
        Map<String, Long> sorts = of(work).collect(groupingBy(Finding::sort, TreeMap::new, counting()));
        return work.missing()
                .map(program -> program + " is not installed")
                .orElseGet(() -> sorts.isEmpty() ? "-" : CorpusTable.text(sorts));
    }
}
