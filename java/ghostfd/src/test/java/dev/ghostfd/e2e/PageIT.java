/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ghostfd.browser.Browser;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/** What on-call sees: the page in a browser, in front of a program that leaks. */
@ExtendWith(GhostfdProcess.LogsOnFailure.class)
class PageIT {
    private static final int CHILDREN = 6;
    private static final Duration SOON = Duration.ofSeconds(20);
    /** Longer than the longest pause between two attempts of the page. */
    private static final Duration AFTER_BACK_OFF = Duration.ofSeconds(60);

    private static final Path SCREENSHOTS = Workbench.folder("page");

    private final int port = GhostfdProcess.freePort();
    private final Browser browser = Browser.start();
    private final ScopeRoot program = new CorpusCase("go-stdoutpipe-nowait").waitingToRun(CHILDREN, 120);

    @BeforeEach
    void widen() {
        browser.resize(1440, 900);
        browser.prefer("light");
    }

    @AfterEach
    void close() {
        program.close();
        browser.close();
    }

    @Test
    void tellsTheStoryOfALeakUntilTheProgramEnds() {
        try (GhostfdProcess daemon = GhostfdProcess.daemonAt(port, program.scope())) {
            int pid = startLeaking();
            openPage("");
            browser.awaitText("#tile-leaked .value", Integer.toString(CHILDREN));
            assertThat(browser.title()).isEqualTo("(" + CHILDREN + ") ghostfd");
            assertThat(browser.text("#sites-rows")).contains("orphaned-pipe", "unreaped-child", "confirmed");
            assertThat(browser.text("#processes-rows")).contains("case", Integer.toString(pid));

            browser.awaitText("#sites-rows", "main.main main.go:");
            openSite("orphaned-pipe");
            browser.awaitText("#drawer-body .story", "main.main");
            JsonNode leak = daemon.api().leaks("id=" + shownLeak()).getFirst();
            verifyStory(leak);
            assertThat(browser.text("#drawer-body"))
                    .contains(
                            leak.required("hint").asText(),
                            "ls -l /proc/" + pid + "/fd/"
                                    + leak.at("/descriptor/fd").asText())
                    .doesNotContain("ghostfd relieve");

            program.kill();
            browser.awaitText("#tile-leaked .value", "0");
            browser.awaitText("#sites-empty", "No leaks.");
            browser.awaitText("#drawer-body .gone", "This leak is over");
            assertThat(browser.consoleErrors()).isEmpty();
        }
    }

    /** Opened here, given to this child, which ended so, nobody at the other end: in this order. */
    private void verifyStory(JsonNode leak) {
        String process = "case[" + leak.at("/process/pid").asText() + "]";
        String child = "echo[" + leak.at("/child/pid").asText() + "]";
        List<String> story = browser.findAll("#drawer-body .story > li").stream()
                .map(step -> step.getText().replaceAll("\\s+", " "))
                .toList();

        assertThat(story).hasSize(5);
        assertThat(story.get(0))
                .contains(process + " opened descriptor "
                        + leak.at("/descriptor/fd").asText() + ", the read end of a pipe");
        assertThat(story.get(1)).contains("Child " + child + " started and was given the write end");
        assertThat(story.get(2)).contains(child + " exited with code 0", "a zombie");
        assertThat(story.get(3)).contains("Nobody holds the write end any more");
        assertThat(story.get(4)).contains(process + " still has descriptor");
        JsonNode frame = leak.at("/descriptor/callSite/0");
        assertThat(story.get(0))
                .contains(frame.required("function").asText() + " "
                        + frame.required("file").asText() + ":"
                        + frame.required("line").asText());
    }

    @Test
    void namesWhoStillHoldsTheOtherEnd() {
        try (ScopeRoot grandparent = new CorpusCase("go-grandchild-wait-hang").waitingToRun(2, 120);
                GhostfdProcess daemon = GhostfdProcess.daemonAt(port, grandparent.scope())) {
            grandparent.release();
            grandparent.awaitReady(SOON);
            openPage("");
            browser.awaitText("#sites-rows", "inherited-pipe");
            openSite("inherited-pipe");

            JsonNode leak = daemon.api().leaks("id=" + shownLeak()).getFirst();
            JsonNode holder = leak.at("/peer/holders/0");
            assertThat(browser.text("#drawer-body .story"))
                    .contains(
                            "Child sh[" + leak.at("/child/pid").asText() + "] started and was given the write end",
                            "sleep[" + holder.required("pid").asText()
                                    + "] still holds the write end, as its descriptor "
                                    + holder.required("fd").asText(),
                            "a descendant of the child, which inherited it");
            assertThat(browser.consoleErrors()).isEmpty();
        }
    }

    @Test
    void opensALeakByItsAddressAndIsUsableWithTheKeyboardAlone() {
        try (GhostfdProcess daemon = GhostfdProcess.daemonAt(port, program.scope())) {
            startLeaking();
            await().atMost(SOON)
                    .until(() -> daemon.api().leaks("rule=unreaped-child").size() == CHILDREN);
            JsonNode leak = daemon.api().leaks("rule=unreaped-child").getFirst();
            openPage("#leak=" + leak.required("id").asText());
            browser.awaitText("#drawer-title", "child " + leak.at("/child/pid").asText());
            assertThat(browser.text("#drawer-body"))
                    .contains("ps -o pid,ppid,stat,etime,comm --ppid "
                            + leak.at("/process/pid").asText());

            browser.focused().sendKeys(Keys.ESCAPE);
            await().atMost(SOON).until(() -> !browser.find("#drawer").isDisplayed());
            assertThat(browser.evaluate("location.hash").asText()).isEmpty();
            for (int step = 0; !browser.focused().getAttribute("class").equals("open"); step++) {
                assertThat(step).as("tab stops before the first site").isLessThan(12);
                browser.focused().sendKeys(Keys.TAB);
            }
            browser.focused().sendKeys(Keys.ENTER);
            browser.awaitText("#drawer-body .story", "exited with code 0");
            browser.focused().sendKeys(Keys.ESCAPE);
            assertThat(browser.focused().getAttribute("class")).isEqualTo("open");
            assertThat(browser.consoleErrors()).isEmpty();
        }
    }

    @Test
    void hasNoBarriersInLightDarkAndNarrow() {
        try (GhostfdProcess _ = GhostfdProcess.daemonAt(port, program.scope())) {
            startLeaking();
            openPage("");
            browser.awaitText("#tile-leaked .value", Integer.toString(CHILDREN));
            verifyNoBarriers("light");
            openSite("orphaned-pipe");
            verifyNoBarriers("light-drawer");
            browser.prefer("dark");
            verifyNoBarriers("dark-drawer");
            browser.resize(380, 800);
            verifyNoBarriers("dark-narrow-drawer");
            browser.find("#drawer-close").click();
            verifyNoBarriers("dark-narrow");

            browser.find("#theme").click();
            assertThat(browser.text("#theme")).isEqualTo("Theme: light");
            verifyNoBarriers("light-narrow");
            assertThat(browser.evaluate("document.documentElement.scrollWidth").intValue())
                    .as("width of the page in a window of 380")
                    .isLessThanOrEqualTo(380);
        }
    }

    private void verifyNoBarriers(String state) {
        browser.screenshot(SCREENSHOTS.resolve(state + ".png"));
        assertThat(browser.barriers()).as(state).isEmpty();
    }

    @Test
    void saysThatTheDaemonIsGoneAndRecoversByItself() {
        try (GhostfdProcess daemon = GhostfdProcess.daemonAt(port, program.scope())) {
            startLeaking();
            openPage("");
            browser.awaitText("#tile-leaked .value", Integer.toString(CHILDREN));
            openSite("orphaned-pipe");

            daemon.kill();
            browser.awaitText("#banner", "ghostfd does not answer");
            assertThat(browser.text("#live")).startsWith("No answer");
            assertThat(browser.text("#tile-leaked .value"))
                    .as("what was known stays in sight")
                    .isEqualTo(Integer.toString(CHILDREN));
            browser.screenshot(SCREENSHOTS.resolve("gone.png"));
            assertThat(browser.barriers()).isEmpty();
        }
        try (GhostfdProcess _ = GhostfdProcess.daemonAt(port, program.scope())) {
            await().atMost(AFTER_BACK_OFF).until(() -> !browser.find("#banner").isDisplayed());
            assertThat(browser.text("#live")).startsWith("Live");
            // The zombies are found anew; the children's history went with the first daemon.
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(browser.text("#sites-rows")).contains("unreaped-child"));
        }
    }

    @Test
    void restsWhilePausedAndGoesOnWhenAsked() {
        try (GhostfdProcess _ = GhostfdProcess.daemonAt(port, program.scope())) {
            openPage("");
            browser.awaitText("#sites-empty", "No leaks.");
            browser.find("#pause").click();
            assertThat(browser.text("#live")).startsWith("Paused");
            int asked = requests();

            startLeaking();
            // Two intervals in which a page that is not paused would have asked twice.
            await().during(Duration.ofSeconds(7)).atMost(SOON).until(() -> requests() == asked);
            browser.find("#pause").click();
            browser.awaitText("#tile-leaked .value", Integer.toString(CHILDREN));
        }
    }

    private int requests() {
        return browser.evaluate("performance.getEntriesByType('resource').length")
                .intValue();
    }

    private int startLeaking() {
        program.release();
        return program.awaitReady(SOON);
    }

    private void openPage(String fragment) {
        browser.open("http://127.0.0.1:" + port + "/" + fragment);
    }

    private void openSite(String rule) {
        browser.findAll("#sites-rows tr").stream()
                .filter(row -> row.getText().contains(rule))
                .findFirst()
                .orElseThrow()
                .click();
        browser.awaitText("#drawer-body", "What happened");
    }

    /** The id in the address. */
    private String shownLeak() {
        return browser.evaluate("location.hash").asText().replace("#leak=", "");
    }
}
