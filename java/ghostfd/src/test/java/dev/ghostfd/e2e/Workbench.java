/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Where things are, what is installed, and how the test programs are built. Everything made goes below target. */
final class Workbench {
    /** The jar under test. */
    static final Path JAR =
            Path.of(System.getProperty("ghostfd.jar", "target/ghostfd.jar")).toAbsolutePath();

    private static final Path MODULE = Path.of(System.getProperty("ghostfd.root", "../.."), "java", "ghostfd")
            .toAbsolutePath()
            .normalize();
    private static final Path WORK = MODULE.resolve("target/e2e");
    private static final int REQUIRED_FEATURE_VERSION = 22;
    private static final List<String> JAVA_OPTIONS = javaOptions();

    private Workbench() {}

    /** A folder below target for one purpose, created. */
    static Path folder(String name) {
        try {
            return Files.createDirectories(WORK.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file that is packed with ghostfd. */
    static Path unpacked(String name) throws IOException {
        Path file = folder("unpacked").resolve(Path.of(name).getFileName());
        try (JarFile jar = new JarFile(JAR.toFile());
                InputStream packed = jar.getInputStream(jar.getEntry(name))) {
            Files.copy(packed, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }

    /** A folder that starts out empty. */
    static Path emptyFolder(String name) {
        Path folder = folder(name);
        try (Stream<Path> entries = Files.walk(folder)) {
            for (Path entry : entries.sorted((a, b) -> b.compareTo(a)).toList()) {
                if (!entry.equals(folder)) {
                    Files.delete(entry);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    /** Skips the test where a program it needs is not installed; in CI that is a failure. */
    static void need(String command) {
        if (!isInstalled(command)) {
            skip(command + " is not installed");
        }
    }

    /** Skips the test for the given reason; in CI that is a failure. */
    static void skip(String reason) {
        if (Boolean.parseBoolean(System.getenv("CI"))) {
            throw new AssertionError("skipped in CI: " + reason);
        }
        Assumptions.abort(reason);
    }

    static boolean isInstalled(String command) {
        return Stream.of(searchPath().split(":", -1)).anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    /** PATH with this JVM's own tools first (the corpus compiles Java), and the system's, which sudo may leave out. */
    static String searchPath() {
        return System.getProperty("java.home") + "/bin:" + System.getenv().getOrDefault("PATH", "")
                + ":/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    }

    /** The command line that starts the jar with the JVM options of scripts/ghostfd. */
    static List<String> ghostfd(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(JAVA_OPTIONS);
        if (Runtime.version().feature() >= 25) {
            command.add("-XX:+UseCompactObjectHeaders");
        }
        command.addAll(List.of("-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The list `options=( ... )` of the launcher: the limits on memory and time hold with these, not with others. */
    private static List<String> javaOptions() {
        Path launcher = MODULE.resolve("../../scripts/ghostfd");
        try (Stream<String> lines = Files.lines(launcher)) {
            List<String> options = lines.map(String::strip)
                    .dropWhile(line -> !line.equals("options=("))
                    .skip(1)
                    .takeWhile(line -> !line.equals(")"))
                    .filter(line -> !line.startsWith("#"))
                    .flatMap(line -> Stream.of(line.split(" +", -1)))
                    .toList();
            if (options.isEmpty()) {
                throw new IllegalStateException("no JVM options in " + launcher);
            }
            return options;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A JVM that is too old for ghostfd, if one is installed. */
    static Stream<Path> oldJava() throws IOException {
        Path all = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(all)) {
            return Stream.empty();
        }
        try (Stream<Path> homes = Files.list(all)) {
            return homes
                    .filter(home -> featureVersion(home) < REQUIRED_FEATURE_VERSION)
                    .map(home -> home.resolve("bin/java"))
                    .filter(Files::isExecutable)
                    .toList()
                    .stream();
        }
    }

    private static int featureVersion(Path home) {
        try (Stream<String> lines = Files.lines(home.resolve("release"))) {
            return lines.filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> line.replaceFirst("JAVA_VERSION=\"(1\\.)?(\\d+).*", "$2"))
                    .mapToInt(Integer::parseInt)
                    .findFirst()
                    .orElse(Integer.MAX_VALUE);
        } catch (IOException e) {
            return Integer.MAX_VALUE;
        }
    }

    /** The named test resource as a file. */
    static Path resource(String name) {
        try (var in = Workbench.class.getResourceAsStream(name)) {
            Path copy = folder("programs").resolve(name);
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Builds a C program of the test resources. */
    static String compileC(String name) {
        need("gcc");
        resource("barrier.h");
        Path source = resource(name + ".c");
        Path program = source.resolveSibling(name);
        Outcome.of(List.of("gcc", "-O1", "-g", "-Wall", "-o", program.toString(), source.toString(), "-lpthread"))
                .mustSucceed();
        return program.toString();
    }

    /** Builds a C program of the test resources that needs no libraries, for a root file system without any. */
    static String compileStaticC(String name) {
        need("gcc");
        Path source = resource(name + ".c");
        Path program = source.resolveSibling(name);
        Outcome.of(List.of("gcc", "-static", "-O1", "-g", "-Wall", "-o", program.toString(), source.toString()))
                .mustSucceed();
        return program.toString();
    }

    /** Builds a Go program of the test resources. */
    static String compileGo(String name) {
        need("go");
        Path source = resource(name + ".go");
        Path program = source.resolveSibling(name);
        Outcome.of(
                        List.of("go", "build", "-o", program.toString(), source.toString()),
                        Map.of("GOTOOLCHAIN", "local"),
                        2)
                .mustSucceed();
        return program.toString();
    }

    /**
     * How a command that ended by itself ended.
     *
     * @param exit its status
     * @param out all of stdout
     * @param err all of stderr
     */
    record Outcome(int exit, String out, String err) {
        private static final int TIMEOUT_SECONDS = 30;

        static Outcome of(List<String> command) {
            return of(command, Map.of(), 1);
        }

        /**
         * Runs it with no stdin and at most this often half a minute. It gets files for its output, not pipes: what it
         * leaves behind could otherwise keep them open.
         */
        static Outcome of(List<String> command, Map<String, String> environment, int halfMinutes) {
            try {
                Path out = Files.createTempFile(folder("logs"), "command", ".out");
                Path err = Files.createTempFile(folder("logs"), "command", ".err");
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().put("PATH", searchPath());
                builder.environment().putAll(environment);
                Process process = StartedProcesses.start(builder);
                if (!process.waitFor((long) TIMEOUT_SECONDS * halfMinutes, SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError(command + " did not end; stderr:\n" + Files.readString(err));
                }
                Outcome outcome = new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
                Files.delete(out);
                Files.delete(err);
                return outcome;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        void mustSucceed() {
            if (exit != 0) {
                throw new AssertionError("exit " + exit + "\n" + out + err);
            }
        }
    }
}
