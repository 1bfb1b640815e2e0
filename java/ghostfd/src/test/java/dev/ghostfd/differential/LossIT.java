/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Events that are lost are counted, make the daemon say that it is not ready, and are healed by the next sweep. */
class LossIT {
    private static final Duration SWEEP = Duration.ofSeconds(1);
    private static final String SWEEPING = "--sweep-interval=1s";

    /** A sweep, and the time it may take on a busy machine; how many sweeps it took is counted. */
    private static final Duration HEALED = SWEEP.plusSeconds(20);

    /** One may have begun before the last loss. */
    private static final int SNAPSHOTS_AFTER_A_STORM = 2;

    private static final int FOR_READING = 0400;
    private static final int FOR_WRITING = 0200;
    private static final int SEEDS = Integer.getInteger("ghostfd.lossy-seeds", 3);

    @Test
    void tablesAreTheKernelsAgainOneSweepAfterATinyRingOverflowed() {
        try (Program program = DifferentialRun.startProgram();
                Daemon daemon = Daemon.watching(program, SWEEPING, "--ring-buffer=4KiB", "--grace=1s")) {
            DifferentialRun run = new DifferentialRun(program, daemon, HEALED);
            List<String> failures = new ArrayList<>();
            for (int seed = 1; seed <= SEEDS; seed++) {
                failures.addAll(run.run(seed + " 2000 500"));
                assertNoFalseLeak(daemon);
            }
            failures.forEach(System.err::println);
            assertThat(failures.size()).as("barriers that differ, see stderr").isZero();
            assertThat(daemon.lost()).isPositive();
            assertThat(daemon.becomesReady(HEALED)).isTrue();
        }
    }

    @Test
    void isNotReadyWhileAStormOverflowsTheRing() {
        try (Program holder = holder(4);
                Daemon daemon = Daemon.watching(holder, SWEEPING, "--ring-buffer=4KiB", "--grace=1s")) {
            holder.ask("hold 100", "HELD");
            boolean wasUnready = false;
            for (int round = 0; round < 20 && !wasUnready; round++) {
                holder.say("churn 20000");
                while (!holder.hasAnswered()) {
                    wasUnready |= daemon.get("/readyz").statusCode() == 503;
                }
                holder.answer();
            }
            assertThat(wasUnready).as("503 from /readyz while events are lost").isTrue();
            assertThat(daemon.becomesReady(HEALED)).isTrue();
            assertSame(daemon, holder);
            assertCounted(daemon);
            assertThat(daemon.json("/api/v1/leaks").required("total").asInt()).isZero();
        }
    }

    @Test
    void healsWithinOneSweepOfBeingStoppedDuringAStorm() {
        try (Program holder = holder(4);
                Daemon daemon = Daemon.watching(holder, SWEEPING, "--ring-buffer=1MiB", "--grace=1s")) {
            holder.ask("hold 100", "HELD");
            assertSame(daemon, holder);
            long before = snapshotsAfterLosses(daemon);
            daemon.signal("STOP");
            try {
                holder.ask("churn 50000", "CHURNED");
                holder.ask("hold 300", "HELD");
                holder.ask("churn 50000", "CHURNED");
            } finally {
                daemon.signal("CONT");
            }
            assertSame(daemon, holder);
            assertThat(snapshotsAfterLosses(daemon) - before).isBetween(1L, (long) SNAPSHOTS_AFTER_A_STORM);
            assertCounted(daemon);
            assertThat(daemon.becomesReady(HEALED)).isTrue();
            assertThat(daemon.json("/api/v1/leaks").required("total").asInt()).isZero();
        }
    }

    private static long snapshotsAfterLosses(Daemon daemon) {
        return daemon.status().at("/resyncs/events_lost").asLong();
    }

    private static Program holder(int processes) {
        return Program.start(List.of(Programs.compile("holder").toString(), Integer.toString(processes)));
    }

    private static void assertSame(Daemon daemon, Program holder) {
        List<Integer> pids = Arrays.stream(holder.ask("pids", "PIDS").split(" ", -1))
                .skip(1)
                .map(Integer::valueOf)
                .toList();
        await().atMost(HEALED).untilAsserted(() -> {
            for (int pid : pids) {
                assertThat(daemon.process(pid).map(Tables::ofAnswer)).contains(Tables.ofKernel(pid, pid));
            }
        });
    }

    private static void assertCounted(Daemon daemon) {
        assertThat(daemon.lost()).isPositive();
        assertThat(snapshotsAfterLosses(daemon)).isPositive();
        assertThat(daemon.get("/metrics").body())
                .containsPattern("(?m)^ghostfd_events_lost_total\\{stage=\"kernel\",reason=\"ring_full\",?} [1-9]");
    }

    /** A pipe end that is said to be orphaned has no peer in any table. */
    private static void assertNoFalseLeak(Daemon daemon) {
        for (JsonNode leak : daemon.json("/api/v1/leaks?rule=orphaned-pipe").required("leaks")) {
            String pipe = "pipe:[" + leak.at("/descriptor/inode").asText() + "]";
            boolean reader = leak.at("/descriptor/end").asText().equals("read");
            assertThat(ends(pipe, reader ? FOR_WRITING : FOR_READING))
                    .as("peers of %s", leak)
                    .isEmpty();
        }
    }

    /** Every descriptor of any process on that pipe whose link in /proc has this permission. */
    private static List<Path> ends(String pipe, int permission) {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(process -> process.getFileName().toString().matches("\\d+"))
                    .flatMap(LossIT::descriptors)
                    .filter(descriptor -> isEnd(descriptor, pipe, permission))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> descriptors(Path process) {
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            return descriptors.toList().stream();
        } catch (IOException | UncheckedIOException gone) {
            return Stream.empty();
        }
    }

    private static boolean isEnd(Path descriptor, String pipe, int permission) {
        try {
            int mode = (Integer) Files.getAttribute(descriptor, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            return (mode & permission) != 0
                    && Files.readSymbolicLink(descriptor).toString().equals(pipe);
        } catch (IOException gone) {
            return false;
        }
    }
}
