/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The main job: pipes that outlive the children they were made for. */
@ExtendWith(GhostfdProcess.LogsOnFailure.class)
class LeakingChildrenIT {
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final int CHILDREN = 1024;

    @Test
    void reportsEveryReadEndOfGoChildrenThatNobodyWaitedFor() throws IOException {
        CorpusCase leaky = new CorpusCase("go-stdoutpipe-nowait");
        try (ScopeRoot program = leaky.waitingToRun(CHILDREN, 60);
                GhostfdProcess daemon = GhostfdProcess.daemon(program.scope())) {
            program.release();
            int pid = program.awaitReady(Duration.ofSeconds(20));
            Api api = daemon.api();

            await().atMost(GRACE.plusSeconds(10))
                    .pollInterval(Duration.ofMillis(250))
                    .untilAsserted(() -> assertThat(api.json("/api/v1/leaks?rule=orphaned-pipe&limit=1")
                                    .required("total")
                                    .asInt())
                            .isEqualTo(CHILDREN));
            List<JsonNode> leaks = api.leaks("rule=orphaned-pipe");
            assertThat(leaks).hasSize(CHILDREN).allSatisfy(leak -> {
                assertThat(leak.at("/confidence").asText()).isEqualTo("confirmed");
                assertThat(leak.at("/kind").asText()).isEqualTo("pipe");
                assertThat(leak.at("/origin").asText()).isEqualTo("traced");
                assertThat(leak.at("/process/pid").asInt()).isEqualTo(pid);
                assertThat(leak.at("/process/comm").asText()).isEqualTo("case");
                assertThat(leak.at("/descriptor/end").asText()).isEqualTo("read");
                assertThat(leak.at("/peer/writers").asInt(-1)).isZero();
                assertThat(leak.at("/child/comm").asText()).isEqualTo("echo");
                assertThat(leak.at("/child/exitCode").asInt(-1)).isZero();
                assertThat(leak.at("/child/exitedAt").isTextual()).isTrue();
                assertThat(leak.at("/child/reaped").asBoolean(true)).isFalse();
            });
            assertThat(leaks.stream().map(leak -> leak.at("/child/pid").asInt()))
                    .containsExactlyInAnyOrderElementsOf(zombiesOf(pid));
            assertThat(leaks.stream().map(leak -> leak.at("/descriptor/fd").asInt()))
                    .doesNotHaveDuplicates()
                    .isSubsetOf(DescriptorTable.ofProc(pid, pid).keySet());
            await().atMost(Duration.ofSeconds(3)).untilAsserted(() -> {
                assertThat(api.metric("ghostfd_leaked_descriptors", "comm", "case"))
                        .isEqualTo(CHILDREN);
                assertThat(api.metric("ghostfd_unreaped_children", "comm", "case"))
                        .isEqualTo(CHILDREN);
            });

            program.kill();
            await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
                assertThat(api.leaks()).isEmpty();
                assertThat(api.metric("ghostfd_leaked_descriptors", "comm", "case"))
                        .isZero();
                assertThat(api.metric("ghostfd_unreaped_children", "comm", "case"))
                        .isZero();
            });
            assertThat(api.metric("ghostfd_leaks_detected_total", "comm", "case", "rule", "orphaned-pipe"))
                    .isEqualTo(CHILDREN);
            assertThat(api.metric("ghostfd_leaks_resolved_total", "comm", "case", "rule", "orphaned-pipe"))
                    .isEqualTo(CHILDREN);
        }
    }

    @Test
    void namesTheChildHoweverItWasStartedAndResolvesWhatIsClosed() {
        findsAllOrphans(List.of());
    }

    @Test
    void doesSoWithTheProgramsForOlderKernels() throws IOException {
        Path object = Workbench.unpacked("dev/ghostfd/kernel/ghostfd.bpf.o");
        findsAllOrphans(List.of("env", "GHOSTFD_OBJECT=" + object));
    }

    private static void findsAllOrphans(List<String> wrapper) {
        String source = Workbench.compileC("orphans");
        try (ScopeRoot program = ScopeRoot.waitingToRun(source);
                GhostfdProcess daemon = GhostfdProcess.startedBy(wrapper, program.scope())) {
            program.release();
            program.awaitLine("^AT leaked", Duration.ofSeconds(10));
            List<String> expected = expectedOrphans(program.lines());
            assertThat(expected).hasSize(9);

            Api api = daemon.api();
            await().atMost(GRACE.plusSeconds(10))
                    .untilAsserted(() -> assertThat(api.leaks()).hasSizeGreaterThanOrEqualTo(expected.size()));
            // Were the innocent pipes beside them reported too, they would be by now: all are of the same age.
            await().during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(8))
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> assertThat(api.leaks().stream().map(LeakingChildrenIT::summary))
                            .containsExactlyInAnyOrderElementsOf(expected));
            assertThat(api.leaks())
                    .allSatisfy(leak -> assertThat(
                                    leak.at("/descriptor/callSite/0/file").asText())
                            .endsWith("/orphans.c"));

            program.send("close them");
            program.awaitLine("^AT closed", Duration.ofSeconds(10));
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(api.leaks()).isEmpty());
        }
    }

    /** `confirmed orphaned-pipe fd=3 end=read child=11 exit=0`; instead of an exit code `signal 9`. */
    private static String summary(JsonNode leak) {
        int signal = leak.at("/child/signal").asInt();
        return "%s %s fd=%s end=%s child=%s exit=%s"
                .formatted(
                        leak.at("/confidence").asText(),
                        leak.at("/rule").asText(),
                        leak.at("/descriptor/fd").asText("-"),
                        leak.at("/descriptor/end").asText("-"),
                        leak.at("/child/pid").asText("-"),
                        signal > 0
                                ? "signal " + signal
                                : leak.at("/child/exitCode").asText("-"));
    }

    private static List<String> expectedOrphans(List<String> lines) {
        Pattern pattern = Pattern.compile("^LEAK how=\\S+ fd=(\\d+) end=(\\w+) child=(\\d+) exit=(-?\\d+)$");
        List<String> expected = new ArrayList<>();
        for (String line : lines) {
            var matcher = pattern.matcher(line);
            if (matcher.find()) {
                expected.add(expectedOrphan(matcher.toMatchResult()));
            }
        }
        return expected;
    }

    private static String expectedOrphan(MatchResult leak) {
        int exit = Integer.parseInt(leak.group(4));
        return "confirmed orphaned-pipe fd=%s end=%s child=%s exit=%s"
                .formatted(leak.group(1), leak.group(2), leak.group(3), exit < 0 ? "signal " + -exit : exit);
    }

    private static Set<Integer> zombiesOf(int parent) throws IOException {
        Set<Integer> zombies = new HashSet<>();
        try (Stream<Path> children = Files.walk(Path.of("/proc", Integer.toString(parent), "task"), 2)) {
            for (Path list : children.filter(path -> path.endsWith("children")).toList()) {
                for (String child : Files.readString(list).strip().split(" ", -1)) {
                    if (!child.isEmpty() && state(child) == 'Z') {
                        zombies.add(Integer.valueOf(child));
                    }
                }
            }
        }
        return zombies;
    }

    private static char state(String pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", pid, "stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }
}
