/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The tables that ghostfd keeps equal the kernel's wherever the programs pause. There is no sweep meanwhile: events alone
 * must get it right.
 */
@ExtendWith(GhostfdProcess.LogsOnFailure.class)
class DescriptorTableIT {
    private static final Pattern BARRIER = Pattern.compile("^AT (\\S+) pid=(\\d+) tid=(\\d+)$");
    private static final Pattern CHILD = Pattern.compile("^CHILD pid=(\\d+) exit=(\\d+)$");
    private static final String NO_SWEEP = "--sweep-interval=1h";

    @Test
    void followsOpensDuplicatesClosesForksAndExecs() {
        String folder = Workbench.emptyFolder("table").toString();
        try (ScopeRoot program = ScopeRoot.waitingToRun(Workbench.compileC("table"), folder);
                GhostfdProcess daemon = GhostfdProcess.daemon(program.scope(), NO_SWEEP)) {
            program.release();
            assertThat(compareAtEachBarrier(program, daemon.api()))
                    .containsExactly(
                            "start",
                            "opened",
                            "duplicated",
                            "failed",
                            "closed",
                            "child-untouched",
                            "child-changed",
                            "child-reaped",
                            "many",
                            "after-exec",
                            "closed-after-exec");
        }
    }

    @Test
    void listsWhatWasOpenBeforeItStarted() {
        String folder = Workbench.emptyFolder("table-before").toString();
        try (ScopeRoot program = ScopeRoot.running(Workbench.compileC("table"), folder)) {
            for (String barrier = ""; !barrier.startsWith("AT closed"); ) {
                barrier = program.nextLine().orElseThrow();
                if (!barrier.startsWith("AT closed")) {
                    program.send("go on");
                }
            }
            try (GhostfdProcess daemon = GhostfdProcess.daemon(program.scope(), NO_SWEEP)) {
                compare("closed", program.pid(), program.pid(), daemon.api());
                program.send("go on");
                assertThat(compareAtEachBarrier(program, daemon.api())).endsWith("after-exec", "closed-after-exec");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"threads", "vfork", "posix-spawn", "exec-from-thread", "fork-without-exec", "pid-reuse"})
    void followsProcessesHoweverTheyStart(String scenario) {
        try (ScopeRoot program = ScopeRoot.waitingToRun(Workbench.compileC("processes"), scenario);
                GhostfdProcess daemon = GhostfdProcess.daemon(program.scope(), NO_SWEEP)) {
            program.release();
            assertThat(compareAtEachBarrier(program, daemon.api())).contains("parent");
        }
    }

    /** Lets the program go from barrier to barrier, compares at each, and returns their names. */
    private static List<String> compareAtEachBarrier(ScopeRoot program, Api api) {
        List<String> names = new ArrayList<>();
        List<String> children = new ArrayList<>();
        for (Optional<String> line = program.nextLine(); line.isPresent(); line = program.nextLine()) {
            Matcher child = CHILD.matcher(line.get());
            if (child.matches()) {
                children.add(child.group(1) + " " + child.group(2));
            }
            Matcher barrier = BARRIER.matcher(line.get());
            if (barrier.matches()) {
                int pid = Integer.parseInt(barrier.group(2));
                names.add(barrier.group(1));
                compare(barrier.group(1), pid, Integer.parseInt(barrier.group(3)), api);
                if (barrier.group(1).equals("parent")) {
                    assertThat(exitsOf(api.process(pid)))
                            .as("children, listed with their exits")
                            .containsExactlyInAnyOrderElementsOf(direct(children));
                }
                program.send("go on");
            }
        }
        return names;
    }

    private static void compare(String barrier, int pid, int tid, Api api) {
        SortedMap<Integer, String> kernel = DescriptorTable.ofProc(pid, tid);
        await().atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> {
                    JsonNode process = api.process(pid);
                    assertThat(DescriptorTable.ofApi(process))
                            .as("at " + barrier)
                            .isEqualTo(kernel);
                    assertThat(DescriptorTable.wrongCloseOnExec(process, pid, tid))
                            .as("close-on-exec at " + barrier)
                            .isEmpty();
                    assertThat(process.at("/open").asInt(kernel.size())).isEqualTo(kernel.size());
                });
    }

    /** A grandchild's exit, 8, is its own parent's business. */
    private static List<String> direct(List<String> children) {
        return children.stream().filter(child -> !child.endsWith(" 8")).toList();
    }

    private static List<String> exitsOf(JsonNode process) {
        List<String> exits = new ArrayList<>();
        for (JsonNode child : process.required("children")) {
            exits.add(
                    child.required("pid").asText() + " " + child.at("/exitCode").asText("-"));
            assertThat(child.at("/reaped").asBoolean()).as("reaped: " + child).isTrue();
        }
        return exits;
    }
}
