/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.e2e.Workbench.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/install} into a root file system of the test's own, and away again. */
class InstallIT {
    private static final Path SOURCES = Path.of(System.getProperty("ghostfd.root"));
    /** What systemd-analyze calls OK ends at 5.0. */
    private static final double WORST_EXPOSURE = 3.0;

    private static final Path CONFIG = Path.of("etc/default/ghostfd");
    private static final Path UNIT = Path.of("usr/local/lib/systemd/system/ghostfd.service");

    @TempDir
    private Path root;

    @BeforeEach
    void aFreshRoot() throws IOException {
        Files.createDirectories(root.resolve("usr/local/bin"));
        Files.createDirectories(root.resolve("etc"));
    }

    @Test
    void uninstallLeavesWhatWasThereBefore() throws IOException {
        Set<String> before = tree();

        install().mustSucceed();
        assertThat(tree())
                .contains(
                        "usr/local/bin/ghostfd",
                        "usr/local/lib/ghostfd/ghostfd.jar",
                        "usr/local/share/man/man1/ghostfd-daemon.1",
                        "usr/local/share/bash-completion/completions/ghostfd",
                        "usr/local/share/zsh/site-functions/_ghostfd",
                        UNIT.toString(),
                        CONFIG.toString());

        install("--uninstall").mustSucceed();
        assertThat(tree()).isEqualTo(before);
    }

    @Test
    void asTheOldVersionIsReplacedNothingIsLost() throws IOException {
        Set<String> before = tree();

        install().mustSucceed();
        Set<String> once = tree();
        install().mustSucceed();
        assertThat(tree()).isEqualTo(once);

        install("--uninstall").mustSucceed();
        assertThat(tree()).isEqualTo(before);
    }

    @Test
    void aChangedConfigurationStaysUnlessPurged() throws IOException {
        install().mustSucceed();
        Files.writeString(root.resolve(CONFIG), "GHOSTFD_OPTIONS=--grace=5s\n");

        install().mustSucceed();
        assertThat(root.resolve(CONFIG)).hasContent("GHOSTFD_OPTIONS=--grace=5s");

        Outcome kept = install("--uninstall");
        kept.mustSucceed();
        assertThat(kept.err()).contains("kept", "--purge");
        assertThat(root.resolve(CONFIG)).exists();

        install().mustSucceed();
        install("--uninstall", "--purge").mustSucceed();
        assertThat(root.resolve(CONFIG)).doesNotExist();
    }

    @Test
    void whatIsNotThereCannotBeRemoved() {
        Outcome outcome = install("--uninstall");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("there is no installation of ghostfd")
                .hasLineCount(1);
    }

    @Test
    void everybodyMayRunItAndOnlyRootMayChangeIt() throws IOException {
        install().mustSucceed();

        try (Stream<Path> files = Files.walk(root.resolve("usr/local/lib/ghostfd"))) {
            assertThat(files)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .matches("r.[x-]r-[x-]r-[x-]"));
        }
        assertThat(root.resolve("usr/local/bin/ghostfd").toRealPath())
                .isEqualTo(root.resolve("usr/local/lib/ghostfd/scripts/ghostfd").toRealPath());
    }

    @Test
    void theInstalledProgramNeedsNoSources() {
        install().mustSucceed();

        Outcome outcome = Outcome.of(
                List.of(root.resolve("usr/local/bin/ghostfd").toString(), "--version"),
                Map.of("JAVA_HOME", System.getProperty("java.home"), "GHOSTFD_AOT", "off"),
                1);

        outcome.mustSucceed();
        assertThat(outcome.out()).startsWith("ghostfd ").hasLineCount(1);
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void systemdAcceptsTheUnitAndFindsItHardened() throws IOException {
        Workbench.need("systemd-analyze");
        install().mustSucceed();
        /* Else the program is looked for on this machine. */
        Path unit = root.resolve("ghostfd.service");
        Files.writeString(
                unit,
                Files.readString(root.resolve(UNIT)).replace("/usr/local/bin/", root.resolve("usr/local/bin") + "/"));

        Outcome verified = Outcome.of(List.of("systemd-analyze", "verify", "--man=no", unit.toString()));
        verified.mustSucceed();
        assertThat(verified.err()).doesNotContain("ghostfd.service");

        Outcome security =
                Outcome.of(List.of("systemd-analyze", "security", "--offline=true", "--no-pager", unit.toString()));
        Matcher score =
                Pattern.compile("exposure level for ghostfd.service: ([0-9.]+)").matcher(security.out());
        assertThat(score.find()).as(security.out()).isTrue();
        System.out.println("systemd-analyze security: " + score.group(1));
        assertThat(Double.parseDouble(score.group(1))).isLessThanOrEqualTo(WORST_EXPOSURE);
        assertThat(Files.readString(SOURCES.resolve("README.md"))).contains("has " + score.group(1) + " in");
    }

    private Outcome install(String... more) {
        List<String> command = Stream.concat(
                        Stream.of(SOURCES.resolve("scripts/install").toString(), "--root=" + root), Stream.of(more))
                .toList();
        return Outcome.of(command, Map.of("JAVA_HOME", System.getProperty("java.home")), 2);
    }

    private Set<String> tree() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
