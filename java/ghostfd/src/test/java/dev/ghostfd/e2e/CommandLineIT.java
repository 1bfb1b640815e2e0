/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.e2e.Workbench.Outcome;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands say of themselves and of the machine. */
class CommandLineIT {
    @Test
    void tellsItsVersion() {
        Outcome version = Outcome.of(Workbench.ghostfd("--version"));
        assertThat(version.exit()).as(version.err()).isZero();
        assertThat(version.out()).containsPattern("ghostfd \\d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"daemon", "scan", "run", "record", "replay", "relieve", "top", "doctor"})
    void explainsEachCommand(String command) {
        Outcome help = Outcome.of(Workbench.ghostfd(command, "--help"));
        assertThat(help.exit()).as(help.err()).isZero();
        assertThat(help.out()).contains("Usage: ghostfd " + command);
        assertThat(help.err()).isEmpty();
    }

    @Test
    void doctorFindsNothingMissingWhereTheDaemonRuns() {
        Outcome doctor = Outcome.of(Workbench.ghostfd("doctor"));
        assertThat(doctor.exit()).as(doctor.out() + doctor.err()).isZero();
        assertThat(doctor.out()).containsIgnoringCase("kernel").contains("BTF", "tracefs", "libbpf", "libdw");
        assertThat(doctor.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nonexistent/libdw.so.1", "/etc/passwd"})
    void doctorSaysWhatIsWrongWithLibdwWithoutFailing(String library) {
        Outcome doctor = Outcome.of(Workbench.ghostfd("doctor"), Map.of("GHOSTFD_LIBDW", library), 1);
        assertThat(doctor.exit()).as(doctor.out() + doctor.err()).isZero();
        assertThat(doctor.out().lines())
                .anyMatch(line -> line.startsWith("absent") && line.contains("libdw") && line.contains(library));
        assertThat(doctor.out()).contains("apt-get install libdw1");
        assertThat(doctor.err()).doesNotContain("\tat ");
    }

    @Test
    void doctorNamesEverythingThatIsMissing() {
        Map<String, String> environment =
                Map.of("GHOSTFD_BTF", "/nonexistent/vmlinux", "GHOSTFD_LIBBPF", "/nonexistent/libbpf.so.1");
        Outcome doctor = Outcome.of(Workbench.ghostfd("doctor"), environment, 1);
        assertThat(doctor.exit()).isEqualTo(1);
        assertThat(doctor.out().lines().filter(line -> line.startsWith("MISSING")))
                .anyMatch(line -> line.contains("BTF"))
                .anyMatch(line -> line.contains("libbpf"));
        assertThat(doctor.err()).doesNotContain("\tat ");
    }
}
