/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ghostfd.browser.Browser;
import dev.ghostfd.leak.Confidence;
import dev.ghostfd.metrics.SampleNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page in front of a node on which nearly everything leaks: 5,000 leaks in 300 processes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageScaleIT {
    private static final int PROCESSES = 300;
    private static final int LEAKS = 5000;
    private static final int FIRST_PID = 1000;
    private static final int ROWS = 25;
    /** Of everything asked for in one round, before compression. */
    private static final long ROUND_BYTES = 48 << 10;

    private static final Duration SOON = Duration.ofSeconds(20);

    private TestServer server;
    private Browser browser;
    /** Bytes by address of what the page asked for until it first showed something. */
    private JsonNode fetched;

    @BeforeAll
    void openPage() {
        browser = Browser.start();
        server = new TestServer();
        SampleNode node = new SampleNode();
        for (int i = 0; i < PROCESSES; i++) {
            node.process(FIRST_PID + i, "worker-" + i, 0, 20 + i, 1024);
        }
        for (int i = 0; i < LEAKS; i++) {
            int process = i % PROCESSES;
            node.orphanedPipe(FIRST_PID + process, "worker-" + process, 0, 3 + i / PROCESSES, Confidence.CONFIRMED);
        }
        server.node.set(node.view());
        browser.resize(1440, 900);
        browser.open("http://127.0.0.1:" + server.port() + "/");
        await().atMost(SOON).untilAsserted(() -> assertThat(rows("sites")).hasSize(ROWS));
        fetched = browser.evaluate("Object.fromEntries(performance.getEntriesByType('resource')"
                + ".filter(entry => entry.name.includes('/api/v1/'))"
                + ".map(entry => [entry.name, entry.decodedBodySize]))");
    }

    @AfterAll
    void close() {
        if (browser != null) {
            browser.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void showsAWindowOfTheTablesAndTheTotalsOfAll() {
        assertThat(browser.text("#tile-leaked .value")).isEqualTo("5,000");
        assertThat(browser.text("#tile-ratio .value")).isEqualTo("31 %");
        assertThat(browser.text("#sites-pager")).contains("1 to 25 of 300");
        assertThat(rows("processes")).hasSize(ROWS);
        assertThat(browser.evaluate("document.querySelectorAll('*').length").intValue())
                .isLessThan(3000);
        browser.screenshot(Path.of("target/e2e/page/scale.png"));
    }

    @Test
    void fetchesNoMoreThanItShows() {
        assertThat(fetched.size()).isGreaterThanOrEqualTo(5);
        assertThat(StreamSupport.stream(fetched.spliterator(), false)
                        .mapToLong(JsonNode::longValue)
                        .sum())
                .as(fetched.toPrettyString())
                .isBetween(1L, ROUND_BYTES);
    }

    @Test
    void walksThroughAllSites() {
        click("#sites-pager button[aria-label='Next sites']");
        browser.awaitText("#sites-pager", "26 to 50 of 300");
        click("#sites-pager button[aria-label='Previous sites']");
        browser.awaitText("#sites-pager", "1 to 25 of 300");
    }

    @Test
    void hasTheDaemonSortAndSearch() {
        click("#processes-head th.usage button");
        browser.awaitText("#processes-rows tr:first-child", "worker-299");
        assertThat(browser.find("#processes-head th.usage").getAttribute("aria-sort"))
                .isEqualTo("descending");

        WebElement search = browser.find("#search");
        search.sendKeys("WORKER-17");
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(rows("processes")).hasSize(11);
            assertThat(rows("sites")).hasSize(11);
        });
        search.sendKeys("x");
        browser.awaitText("#sites-empty", "No leak matches the filter.");
        search.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
        await().atMost(SOON).untilAsserted(() -> assertThat(rows("sites")).hasSize(ROWS));
    }

    @Test
    void staysTheSamePageThroughItsUpdates() {
        browser.evaluate("(document.querySelector('#sites-rows a').focus(),"
                + " document.querySelector('#sites-rows tr').marked = true)");
        int before = statusRequests();
        await().atMost(SOON).untilAsserted(() -> assertThat(statusRequests()).isGreaterThan(before + 1));

        assertThat(browser.evaluate("document.querySelector('#sites-rows tr').marked === true")
                        .booleanValue())
                .isTrue();
        assertThat(browser.focused().getAttribute("class")).isEqualTo("open");
        assertThat(browser.consoleErrors()).isEmpty();
    }

    private int statusRequests() {
        return browser.evaluate("performance.getEntriesByType('resource')"
                        + ".filter(entry => entry.name.endsWith('/api/v1/status')).length")
                .intValue();
    }

    private List<WebElement> rows(String table) {
        return browser.findAll("#" + table + "-rows tr");
    }

    private void click(String selector) {
        browser.find(selector).click();
    }
}
