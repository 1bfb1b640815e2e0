/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One kind of ordinary work: a script of src/test/ordinary that goes on for some time, in a folder and a cgroup of its own.
 * By the cgroup every process is told to belong to it, whoever has become its parent, and none is left behind.
 */
final class OrdinaryWork implements AutoCloseable {
    static final List<String> NAMES = List.of("maven", "make", "npm", "git", "python", "nginx", "postgres", "redis");

    private static final Map<String, List<String>> PROGRAMS = Map.of(
            "maven", List.of("mvn"),
            "make", List.of("make", "gcc"),
            "npm", List.of("npm", "node"),
            "git", List.of("git", "script"),
            "python", List.of("python3"),
            "nginx", List.of("nginx", "ab", "curl"),
            "postgres", List.of("initdb", "pgbench", "setpriv"),
            "redis", List.of("redis-server", "redis-benchmark"));
    private static final Path SCRIPTS = Path.of(
                    System.getProperty("ghostfd.root", "../.."), "java/ghostfd/src/test/ordinary")
            .toAbsolutePath()
            .normalize();
    /** Where Debian puts PostgreSQL's programs. */
    private static final Path POSTGRES = Path.of("/usr/lib/postgresql");

    private final String name;
    private final Duration time;
    private Optional<ScopeRoot> root = Optional.empty();
    private Optional<TestCgroup> cgroup = Optional.empty();
    private Optional<Path> folder = Optional.empty();
    private String log = "";

    OrdinaryWork(String name, Duration time) {
        this.name = name;
        this.time = time;
    }

    String name() {
        return name;
    }

    /** A program that it takes and that is not installed. */
    Optional<String> missing() {
        return PROGRAMS.get(name).stream()
                .filter(program -> !Workbench.isInstalled(program) && !isOfPostgres(program))
                .findFirst();
    }

    private static boolean isOfPostgres(String program) {
        if (!Files.isDirectory(POSTGRES)) {
            return false;
        }
        try (Stream<Path> versions = Files.list(POSTGRES)) {
            return versions.anyMatch(
                    version -> Files.isExecutable(version.resolve("bin").resolve(program)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes it wait to begin; returns the option of the daemon that puts it in scope. */
    String prepare() {
        try {
            folder = Optional.of(Files.createTempDirectory(
                    "ghostfd-" + name,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ScopeRoot waiting = ScopeRoot.waitingToRun(
                "env",
                "GHOSTFD_ROOT=" + SCRIPTS.resolve("../../../../..").normalize(),
                "PORT=" + GhostfdProcess.freePort(),
                "nice",
                "bash",
                SCRIPTS.resolve(name + ".sh").toString(),
                folder.get().toString(),
                Long.toString(time.toSeconds()));
        root = Optional.of(waiting);
        cgroup = Optional.of(new TestCgroup());
        TestCgroup.move(waiting.pid(), cgroup.get().folder());
        return waiting.scope();
    }

    void begin() {
        root.orElseThrow().release();
    }

    boolean isOver() {
        return root.map(ScopeRoot::hasEnded).orElse(true);
    }

    /** Whether a group's path, in the words of the API, is its own. */
    boolean owns(String path) {
        return cgroup.map(group -> group.pathOf(group.folder()).equals(path)).orElse(false);
    }

    long rounds() {
        return root.stream()
                .flatMap(scope -> scope.lines().stream())
                .filter(line -> line.startsWith("ROUND "))
                .count();
    }

    /** {@code done}, or how far it came. */
    String outcome() {
        boolean done =
                root.stream().flatMap(scope -> scope.lines().stream()).anyMatch(line -> line.startsWith("DONE "));
        return done ? "done" : "ended or stuck after " + rounds() + " rounds";
    }

    /** The end of what its programs said. */
    String log() {
        return log;
    }

    private void readLog() {
        Path file = folder.orElseThrow().resolve("log");
        try {
            List<String> lines = Files.exists(file)
                    ? Files.readString(file, ISO_8859_1).lines().toList()
                    : List.of();
            log = String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (folder.isEmpty()) {
            return;
        }
        readLog();
        root.ifPresent(ScopeRoot::close);
        cgroup.ifPresent(group -> {
            await().atMost(Duration.ofSeconds(20)).until(() -> endAll(group.folder()));
            group.close();
        });
        delete(folder.get());
        folder = Optional.empty();
    }

    /** Servers that have been left behind, by pid; a SIGKILL may come before they have started others. */
    private static boolean endAll(Path group) throws IOException {
        List<String> pids = Files.readAllLines(group.resolve("cgroup.procs"));
        pids.forEach(pid -> ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly));
        return pids.isEmpty();
    }

    private static void delete(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
