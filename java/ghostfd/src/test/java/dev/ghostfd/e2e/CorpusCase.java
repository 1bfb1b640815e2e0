/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import dev.ghostfd.e2e.Workbench.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One program of the corpus, built on first use in a copy of the corpus below target.
 *
 * @param folder the part of the corpus it belongs to
 */
record CorpusCase(String folder, String name) {
    private static final Map<String, String> COMPILERS = Map.of("c", "gcc", "go", "go", "java", "javac", "rs", "rustc");
    private static final Map<String, String> INTERPRETERS =
            Map.of("node", "node", "perl", "perl", "py", "python3", "sh", "bash");

    /** Only these cases, separated by commas; all if it is not set. */
    private static final String CHOSEN = System.getProperty("ghostfd.corpus", "");

    /** One of those that are not only ours. */
    CorpusCase(String name) {
        this("cases", name);
    }

    /** The lines of both tables, without comments. */
    static List<Expectation> expectations() {
        return Stream.concat(read("expected.tsv", "cases"), read("own-expected.tsv", "own"))
                .filter(line -> CHOSEN.isEmpty()
                        || List.of(CHOSEN.split(",", -1))
                                .contains(line.program().name()))
                .toList();
    }

    private static Stream<Expectation> read(String table, String folder) {
        try (Stream<String> lines = Files.lines(source().resolve(table))) {
            return lines
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> Expectation.parse(folder, line))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is reported of a case that expected.tsv leaves open. */
    Open open() {
        try (Stream<String> lines = Files.lines(source().resolve("open.tsv"))) {
            return lines.map(line -> line.split("\t", -1))
                    .filter(field -> field[0].equals(name))
                    .map(field -> new Open(field[1], field[2]))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(name + " is open, and open.tsv does not say why"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One line of open.tsv.
     *
     * @param reported as {@link CorpusRun.Findings} words it
     */
    record Open(String reported, String why) {}

    /**
     * One line of expected.tsv; its header says what the fields mean.
     *
     * @param perInstance empty for `-`
     */
    record Expectation(
            CorpusCase program,
            String expect,
            String role,
            String rule,
            String kind,
            Optional<Integer> perInstance,
            Set<String> alsoAllowed) {

        private static Expectation parse(String folder, String line) {
            String[] field = line.split("\t", -1);
            return new Expectation(
                    new CorpusCase(folder, field[0]),
                    field[1],
                    field[2],
                    field[3],
                    field[4],
                    field[5].equals("-") ? Optional.empty() : Optional.of(Integer.valueOf(field[5])),
                    field[6].equals("-") ? Set.of() : Set.of(field[6].split(",", -1)));
        }
    }

    /** Whether the language it is written in is installed. */
    boolean canRun() {
        return Workbench.isInstalled(tool());
    }

    /** The compiler or interpreter it needs. */
    String tool() {
        String language = name.substring(0, name.indexOf('-'));
        return COMPILERS.getOrDefault(language, INTERPRETERS.get(language));
    }

    /** The path of the runnable program, built if it is not yet. */
    Path build() {
        Path copy = Workbench.folder("corpus");
        Path program = copy.resolve(folder).resolve(name).resolve("case");
        if (isStale(program)) {
            Workbench.need(tool());
            copyTree(source(), copy);
            Path script = program.resolveSibling("build.sh");
            Outcome.of(List.of("sh", "-e", script.toString()), Map.of(), 2).mustSucceed();
        }
        return program;
    }

    /** Ready to start N instances at once that are held for so many seconds. */
    ScopeRoot waitingToRun(int instances, int seconds) {
        return waitingToRun(instances, seconds, 0);
    }

    /**
     * Ready to start N instances that are held for so many seconds.
     *
     * @param pace milliseconds between two instances
     */
    ScopeRoot waitingToRun(int instances, int seconds, int pace) {
        return ScopeRoot.waitingToRun(
                "env",
                "INTERVAL_MS=" + pace,
                build().toString(),
                Integer.toString(instances),
                Integer.toString(seconds));
    }

    private boolean isStale(Path program) {
        if (!Files.isExecutable(program)) {
            return true;
        }
        try (Stream<Path> own = Files.list(source().resolve(folder).resolve(name));
                Stream<Path> shared = Files.walk(source().resolve("lib"))) {
            long built = Files.getLastModifiedTime(program).toMillis();
            return Stream.concat(own, shared).anyMatch(file -> file.toFile().lastModified() > built);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path source() {
        return Path.of(System.getProperty("ghostfd.root", "../.."), "java/ghostfd/src/test/corpus");
    }

    @Override
    public String toString() {
        return name;
    }

    private static void copyTree(Path from, Path to) {
        try (Stream<Path> entries = Files.walk(from)) {
            for (Path entry : entries.toList()) {
                Path target = to.resolve(from.relativize(entry));
                if (Files.isDirectory(entry)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(entry, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
