/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be said of a command line before anything is asked of the kernel. */
class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense | nonsense",
                "--nonsense | --nonsense",
                "daemon --nonsense | --nonsense",
                "daemon leftover | leftover",
                "daemon --grace | --grace",
                "daemon --grace=banana | 'banana' is not a duration",
                "daemon --grace=10000d | --grace",
                "daemon --sweep-interval=1ms | --sweep-interval",
                "daemon --ring-buffer=3000 | --ring-buffer",
                "daemon --ring-buffer=2GiB | --ring-buffer",
                "daemon --ring-buffer=lots | 'lots' is not a size",
                "daemon --max-series=0 | --max-series",
                "daemon --max-series=many | --max-series",
                "daemon --web.listen-address=10024 | --web.listen-address",
                "daemon --web.listen-address=:99999 | --web.listen-address",
                "daemon --log.level=loud | --log.level",
                "daemon --log.format=xml | --log.format",
                "daemon --pid=self | --pid",
                "daemon --pid=0 | --pid",
                "daemon --pid=2147483647 | --pid",
                "daemon --grace=1s --grace=2s | --grace",
                "scan --pid=-1 | --pid",
                "scan --grace=1s | --grace",
                "doctor --pid=1 | --pid",
                "daemon --path.procfs=/nonexistent | --path.procfs",
                "daemon --path.sysfs=/nonexistent | --path.sysfs",
                "daemon --path.cgroupfs=/nonexistent | --path.cgroupfs",
                "daemon --kubelet.url=kubelet:10250 | --kubelet.url",
                "daemon --kubelet.token-file=/nonexistent | --kubelet.token-file",
                "daemon --kubelet.ca-file=/nonexistent | --kubelet.ca-file",
                "daemon --exclude-comm=( | --exclude-comm",
                "daemon --cgroup=/no/such/group | there is no v2 cgroup /no/such/group",
            })
    void badUsageIsOneLineThatNamesWhatIsWrong(String line, String named) {
        assertThat(Main.run(line.split(" "))).isEqualTo(2);

        assertThat(err().lines())
                .singleElement()
                .asString()
                .startsWith("ghostfd")
                .contains(named);
        assertThat(err()).contains("--help)").doesNotContain("Exception", "\tat ");
        assertThat(out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "daemon ", "scan ", "record ", "replay ", "doctor "})
    void everyCommandExplainsItself(String command) {
        assertThat(Main.run((command + "--help").split(" "))).isZero();

        assertThat(out()).contains("Usage: ghostfd " + command.strip()).contains("--help", "--version");
        assertThat(err()).isEmpty();
    }

    @Test
    void theVersionIsOneLine() {
        assertThat(Main.run("--version")).isZero();

        assertThat(out().lines()).isNotEmpty();
        assertThat(out()).startsWith("ghostfd");
    }

    @Test
    void withoutACommandThereIsHelpAndStatusTwo() {
        assertThat(Main.run()).isEqualTo(2);

        assertThat(err()).contains("Usage: ghostfd").contains("daemon", "scan", "doctor");
        assertThat(out()).isEmpty();
    }

    @Test
    void helpTellsTheDefaults() {
        Main.run("daemon", "--help");

        assertThat(out())
                .contains("--grace=DURATION", "(default 30s)")
                .contains("--sweep-interval=DURATION", "(default 5s)")
                .contains("--ring-buffer=SIZE", "(default 16MiB)")
                .contains("--web.listen-address=ADDRESS", "(default :10024)");
    }
}
