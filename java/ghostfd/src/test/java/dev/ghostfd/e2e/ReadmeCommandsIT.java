/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.ghostfd.e2e.Workbench.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The README's commands do what it says. Each block that begins with {@code ```sh NAME} is run as a shell script in the
 * repository; those that a test cannot run are listed with the reason.
 */
class ReadmeCommandsIT {
    private static final Path ROOT = Path.of(System.getProperty("ghostfd.root"));
    private static final Pattern BLOCK =
            Pattern.compile("^```sh(?: (\\S+))?\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final int HALF_MINUTES = 4;
    /** What the text around a block says that it prints. */
    private static final Map<String, List<String>> PRINTS = Map.of(
            "demo", List.of("orphaned-pipe   confirmed", "0 leaks"),
            "scan", List.of("orphaned-pipe   suspected", "unreaped-child  confirmed"),
            "trace-a-shell", List.of("\"total\":3", "\"rule\":\"orphaned-pipe\",\"confidence\":\"confirmed\""),
            "record", List.of("orphaned-pipe confirmed python3", "6 leaks found"));

    @Test
    void everyBlockHasANameAndIsRunOrListed() throws IOException {
        Map<String, String> blocks = blocks();

        assertThat(blocks).doesNotContainKey("");
        assertThat(blocks.keySet()).containsAll(notRun().keySet());
        assertThat(notRun()).allSatisfy((name, reason) -> assertThat(reason).isNotBlank());
        assertThat(PRINTS.keySet()).isSubsetOf(blocks.keySet()).doesNotContainAnyElementsOf(notRun().keySet());
    }

    @TestFactory
    Stream<DynamicTest> theReadmesCommandsWork() throws IOException {
        Map<String, String> blocks = blocks();
        notRun().keySet().forEach(blocks::remove);
        return blocks.keySet().stream().map(name -> dynamicTest(name, () -> run(name, blocks)));
    }

    private static void run(String name, Map<String, String> blocks) {
        /* The examples share a program; each ends what it has started, as somebody at the terminal would. */
        String script = String.join(
                "\n",
                "set -eu",
                "cd '" + ROOT + "'",
                "PATH=" + withSudo() + ":$PATH",
                "end() { trap '' TERM; kill $(jobs -p) 2>/dev/null || true; wait; rm -f /tmp/leaky.recording; }",
                "trap end EXIT",
                name.equals("leaky-program") ? "" : blocks.get("leaky-program"),
                blocks.get(name));
        Outcome outcome = Outcome.of(
                List.of("bash", "-c", script), Map.of("JAVA_HOME", System.getProperty("java.home")), HALF_MINUTES);

        outcome.mustSucceed();
        assertThat(PRINTS.getOrDefault(name, List.of()))
                .allSatisfy(text -> assertThat(outcome.out()).contains(text));
    }

    /**
     * The tests are root already. A program of its own and not a function, so that the pid the shell knows is that of what
     * it starts; and the real one does not pass on signals of its own process group.
     */
    private static Path withSudo() {
        Path folder = Workbench.folder("sudo");
        Path sudo = folder.resolve("sudo");
        try {
            Files.writeString(sudo, "#!/bin/sh\nexec \"$@\"\n");
            Files.setPosixFilePermissions(sudo, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    private static Map<String, String> blocks() throws IOException {
        return BLOCK.matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .collect(Collectors.toMap(
                        ReadmeCommandsIT::name,
                        block -> block.group(2),
                        (one, other) -> {
                            throw new AssertionError("two blocks of one name:\n" + one + other);
                        },
                        LinkedHashMap::new));
    }

    private static String name(MatchResult block) {
        return block.group(1) == null ? "" : block.group(1);
    }

    private static Map<String, String> notRun() throws IOException {
        return Files.readAllLines(Workbench.resource("readme-not-run.tsv")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\t", 2))
                .collect(Collectors.toMap(line -> line[0], line -> line[1]));
    }
}
