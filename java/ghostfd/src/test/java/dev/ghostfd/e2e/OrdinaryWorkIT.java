/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.ghostfd.e2e.OrdinaryFindings.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Builds, version control and servers under load, all at the same time, with a grace much shorter than anybody would use:
 * nothing may be confirmed of them but what is true. {@code -Dghostfd.ordinary.minutes=15} for longer; {@code
 * scripts/ordinary} prints the table.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(GhostfdProcess.LogsOnFailure.class)
class OrdinaryWorkIT {
    private static final Duration TIME = Duration.ofSeconds(
            Math.round(60 * Double.parseDouble(System.getProperty("ghostfd.ordinary.minutes", "1.5"))));
    /** A round that has begun when the time is over is finished. */
    private static final Duration LAST_ROUND = Duration.ofMinutes(2);

    private static final Duration POLL = Duration.ofMillis(300);

    private final Map<String, OrdinaryWork> works = new LinkedHashMap<>();
    private final OrdinaryFindings findings = new OrdinaryFindings();
    private double lost;
    private double events;
    private String repairs = "";
    private double detected;

    @BeforeAll
    void letThemWork() throws InterruptedException {
        List<String> options = new ArrayList<>(List.of("--ring-buffer=64MiB"));
        for (String name : OrdinaryWork.NAMES) {
            OrdinaryWork work = new OrdinaryWork(name, TIME);
            works.put(name, work);
            if (work.missing().isEmpty()) {
                options.add(work.prepare());
            }
        }
        List<OrdinaryWork> running =
                works.values().stream().filter(work -> work.missing().isEmpty()).toList();
        try (GhostfdProcess daemon = GhostfdProcess.daemon(options.toArray(String[]::new))) {
            running.forEach(OrdinaryWork::begin);
            long end = System.nanoTime() + TIME.plus(LAST_ROUND).toNanos();
            while (System.nanoTime() < end && !running.stream().allMatch(OrdinaryWork::isOver)) {
                findings.look(daemon.api(), works.values());
                Thread.sleep(POLL);
            }
            lost = daemon.api().metric("ghostfd_events_lost_total");
            events = daemon.api().metric("ghostfd_events_total");
            repairs = daemon.api().json("/api/v1/status").at("/repairs").toString();
            detected = daemon.api().metric("ghostfd_leaks_detected_total");
            findings.look(daemon.api(), works.values());
        }
        running.forEach(OrdinaryWork::close);
        findings.write(works.values(), "%s, %.0f events, %.0f lost, repairs %s".formatted(TIME, events, lost, repairs));
    }

    @AfterAll
    void endThem() {
        works.values().forEach(OrdinaryWork::close);
    }

    @TestFactory
    Stream<DynamicTest> confirmsNothingButWhatIsTrue() {
        return works.values().stream()
                .map(work -> dynamicTest(work.name(), () -> {
                    work.missing().ifPresent(program -> Workbench.skip(program + " is not installed"));
                    assertThat(work.outcome()).as("its output:%n%s", work.log()).isEqualTo("done");
                    assertThat(findings.of(work).filter(Finding::isFalse))
                            .as("confirmed, and not in expected.tsv")
                            .isEmpty();
                }));
    }

    @TestFactory
    Stream<DynamicTest> sawAllOfIt() {
        return Stream.of(
                dynamicTest(
                        "every finding belongs to one of them",
                        () -> assertThat(findings.strangers()).isEmpty()),
                dynamicTest(
                        "the daemon counts no finding that was not looked at",
                        () -> assertThat((double) findings.count()).isGreaterThanOrEqualTo(detected)),
                dynamicTest("no event was lost", () -> assertThat(lost).isZero()),
                dynamicTest("events came", () -> assertThat(events).isPositive()));
    }
}
