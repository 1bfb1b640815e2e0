/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The launcher makes an AOT cache by itself, and whatever becomes of it, a start works and says nothing about it. */
@EnabledForJreRange(minVersion = 25, disabledReason = "older JVMs have no AOT cache")
class AotCacheIT {
    private static final Path SOURCES = Path.of(System.getProperty("ghostfd.root"));
    private static final List<String> JVM_TELLS = List.of("-Xlog:class+load:stderr");

    private static Path root;
    private static Path jar;
    private static Path cache;

    /** What can become of a cache. */
    enum Fate {
        MISSING,
        CORRUPT,
        EMPTY,
        CUT_OFF,
        OF_AN_OLDER_JAR,
        OF_ANOTHER_JDK
    }

    private record Started(int exit, String out, String err) {}

    /** A copy without sources, as an installation is, so that nothing is built. */
    @BeforeAll
    static void makeTheCache() throws IOException {
        root = Files.createTempDirectory("ghostfd-aot");
        jar = root.resolve("java/ghostfd/target/ghostfd.jar");
        Files.createDirectories(jar.getParent());
        Files.copy(Path.of(System.getProperty("ghostfd.jar")), jar);
        for (String script : List.of("scripts/ghostfd", "scripts/lib/setup.sh", "scripts/lib/aot.sh")) {
            Path copy = root.resolve(script);
            Files.createDirectories(copy.getParent());
            Files.copy(SOURCES.resolve(script), copy);
        }
        cache = jar.resolveSibling("ghostfd.aot");
        assertThat(start(Map.of(), "scan", "--json", "--pid=1").err()).doesNotContain("aot");
        await("the cache is made in the background")
                .atMost(Duration.ofMinutes(4))
                .until(() -> Files.exists(cache.resolveSibling("ghostfd.aot.of")));
        assertThat(cache).isNotEmptyFile();
    }

    @AfterAll
    static void leaveNothing() throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failed) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Test
    void aStartTakesItsClassesFromTheCache() throws IOException {
        Started started = start(Map.of("GHOSTFD_JAVA_OPTS", String.join(" ", JVM_TELLS)), "--version");

        assertThat(loadedFromCache(started, "dev.ghostfd.cli.Main")).isTrue();
        assertThat(loadedFromCache(started, "picocli.CommandLine")).isTrue();
        assertThat(started.out()).startsWith("ghostfd ").hasLineCount(1);
    }

    @Test
    void nothingIsLeftOfMakingIt() throws IOException {
        try (Stream<Path> files = Files.list(jar.getParent())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("ghostfd.jar", "ghostfd.aot", "ghostfd.aot.of", "ghostfd.aot.lock");
        }
    }

    @Test
    void itCanBeTurnedOff() throws IOException {
        Started started =
                start(Map.of("GHOSTFD_AOT", "off", "GHOSTFD_JAVA_OPTS", String.join(" ", JVM_TELLS)), "--version");

        assertThat(loadedFromCache(started, "dev.ghostfd.cli.Main")).isFalse();
        assertThat(started.exit()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aStartWithoutAGoodCacheWorksInSilence(Fate fate) throws IOException {
        byte[] good = Files.readAllBytes(cache);
        FileTime jarTime = Files.getLastModifiedTime(jar);
        Path madeFrom = cache.resolveSibling("ghostfd.aot.of");
        String state = Files.readString(madeFrom);
        try {
            suffer(fate, good, madeFrom);

            Started started = start(Map.of(), "--version");

            assertThat(started.exit()).isZero();
            assertThat(started.out()).startsWith("ghostfd ").hasLineCount(1);
            assertThat(started.err()).isEmpty();
        } finally {
            Files.write(cache, good);
            Files.writeString(madeFrom, state);
            Files.setLastModifiedTime(jar, jarTime);
        }
    }

    private static void suffer(Fate fate, byte[] good, Path madeFrom) throws IOException {
        switch (fate) {
            case MISSING -> Files.delete(cache);
            case CORRUPT -> {
                byte[] noise = good.clone();
                for (int i = 0; i < noise.length; i += 97) {
                    noise[i] ^= 0x5a;
                }
                Files.write(cache, noise);
            }
            case EMPTY -> Files.write(cache, new byte[0]);
            case CUT_OFF -> Files.write(cache, java.util.Arrays.copyOf(good, good.length / 2));
            case OF_AN_OLDER_JAR ->
                Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minusSeconds(3600)));
            case OF_ANOTHER_JDK -> Files.writeString(madeFrom, "/opt/another-jdk\n");
        }
    }

    private static boolean loadedFromCache(Started started, String type) {
        return started.err()
                .lines()
                .filter(line -> line.contains(" " + type + " source:"))
                .findFirst()
                .orElseThrow()
                .contains("shared objects file");
    }

    private static Started start(Map<String, String> environment, String... arguments) throws IOException {
        Path out = Files.createTempFile("ghostfd", ".out");
        Path err = Files.createTempFile("ghostfd", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(
                    Stream.concat(Stream.of(root.resolve("scripts/ghostfd").toString()), Stream.of(arguments))
                            .toList());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().putAll(environment);
            Process process =
                    StartedProcesses.start(builder.redirectOutput(out.toFile()).redirectError(err.toFile()));
            assertThat(process.waitFor(60, SECONDS)).isTrue();
            return new Started(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
