/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ghostfd.browser.Browser;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** How the page tells what the API may say, also what only some kinds of leaks have, and what it leaves out. */
class PageStoryIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Path SCREENSHOTS = Path.of("target/e2e/page");

    private static final String PROCESS = """
        {"pid":4242,"startTime":"2026-01-05T08:00:00.000Z","comm":"agent","exe":"/usr/bin/agent",
         "container":{"id":"c0ffee","name":"runner","pod":"ci-7","namespace":"build"},"cgroup":"/kubepods/ci-7"}""";

    private static final String INHERITED = """
        {"id":"one","rule":"inherited-pipe","confidence":"suspected","kind":"pipe","origin":"traced","process":%s,
         "descriptor":{"fd":17,"end":"read","inode":991,"closeOnExec":true,"openedAt":"2026-01-05T08:01:00.000Z",
          "openedBy":{"tid":4250,"comm":"agent-io"},
          "callSite":[{"function":"main.runJob","file":"/src/job.go","line":42,"module":"/usr/bin/agent"},
                      {"function":"main.main","file":"/src/main.go","line":9},{"address":"0x4a2c10"}]},
         "child":{"pid":5151,"comm":"grep","startedAt":"2026-01-05T08:01:00.250Z",
          "exitedAt":"2026-01-05T08:01:02.000Z","signal":9,"reaped":true},
         "peer":{"readers":1,"writers":1,"bufferedBytes":0,
          "holders":[{"pid":6001,"comm":"sleep","fd":1,"cause":"descendant"},
                     {"pid":6002,"comm":"helper","fd":12,"cause":"sibling"}]},
         "count":1,"firstSeen":"2026-01-05T08:01:02.000Z","ageSeconds":3725.5,"hint":"Close it in the grandchild."}""".formatted(PROCESS);

    private static final String SITE = """
        {"comm":"agent","container":{"id":"c0ffee","name":"runner","pod":"ci-7","namespace":"build"},
         "rule":"inherited-pipe","kind":"pipe","confidence":"suspected",
         "callSite":[{"function":"main.runJob","file":"/src/job.go","line":42}],"count":870,"growthPerMinute":14.5,
         "oldestAgeSeconds":3725.5,"exampleLeakId":"one","hint":"Close it in the grandchild."}""";

    private static Browser browser;
    private final ContractServer server = new ContractServer()
            .says("leaks", "{\"total\":1,\"leaks\":[" + INHERITED + "]}")
            .says("sites", "{\"total\":1,\"sites\":[" + SITE + "]}")
            .says("processes", processes(950, 1024, 524288));

    @BeforeAll
    static void startBrowser() {
        browser = Browser.start();
        browser.resize(1440, 900);
        browser.prefer("light");
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void namesTheLineTheChildAndWhoStillHoldsTheOtherEnd() {
        open("#leak=one");

        browser.awaitText("#drawer-title", "agent[4242] descriptor 17");
        assertThat(browser.findAll("#drawer-body .story > li").stream()
                        .map(step -> step.getText().replaceAll("\\s+", " ")))
                .satisfiesExactly(
                        opened -> assertThat(opened)
                                .contains(
                                        "agent[4242] opened descriptor 17, the read end of a pipe",
                                        "in thread 4250, agent-io",
                                        "main.runJob /src/job.go:42",
                                        "called from 2 more frames"),
                        given -> assertThat(given)
                                .contains("+250 ms", "Child grep[5151] started and was given the write end"),
                        ended -> assertThat(ended)
                                .contains("+2 s", "grep[5151] was killed by signal 9 (SIGKILL)", "was waited for"),
                        descendant -> assertThat(descendant)
                                .contains(
                                        "sleep[6001] still holds the write end, as its descriptor 1",
                                        "a descendant of the child"),
                        sibling -> assertThat(sibling)
                                .contains("helper[6002] still holds the write end", "for want of close-on-exec"),
                        now -> assertThat(now).contains("agent[4242] still has descriptor 17 open", "for 1 h 2 min"));
        browser.find("#drawer-body summary").click();
        assertThat(browser.text("#drawer-body .stack")).contains("main.main /src/main.go:9", "0x4a2c10");
        browser.screenshot(SCREENSHOTS.resolve("story.png"));
        assertThat(browser.barriers()).isEmpty();
        assertThat(browser.consoleErrors()).isEmpty();
    }

    @Test
    void showsCallSiteAndGrowthOfASite() {
        open("");

        browser.awaitText("#sites-rows", "main.runJob");
        assertThat(browser.text("#sites-rows tr"))
                .contains("agent", "runner, ci-7, build", "job.go:42", "suspected", "870", "+14.5/min", "1 h 2 min");
        assertThat(browser.text("#tile-growing")).contains("1 process", "agent[4242] +14.5/min, limit in 5 min 6 s");
        assertThat(browser.text("#tile-ratio")).contains("93 %", "agent[4242], 950 of 1,024");
    }

    /** Also where there is no TLS and the browser keeps its clipboard to itself. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", Browser.ELSEWHERE})
    void offersFirstAidNearTheLimitAndCopiesIt(String host) {
        openAt(server.address(host, "#leak=one"));

        browser.awaitText("#drawer-body", "sudo ghostfd relieve --pid=4242");
        browser.find("#drawer-body button[aria-label*='relieve']").click();
        browser.awaitText("#announcement", "Copied.");
        browser.find("#search").sendKeys(Keys.chord(Keys.CONTROL, "v"));
        assertThat(browser.find("#search").getDomProperty("value")).isEqualTo("sudo ghostfd relieve --pid=4242");
    }

    @Test
    void offersNoFirstAidWhereThereIsNoneOrNoNeed() {
        server.says("processes", processes(950, 1024, 1024));
        open("#process=4242");
        browser.awaitText("#drawer-body", "Its soft limit is its hard limit already:");

        server.says(
                "processes",
                "{\"total\":1,\"processes\":[{\"pid\":4242,\"comm\":\"agent\",\"open\":9,"
                        + "\"softLimit\":1024,\"hardLimit\":4096,\"ratio\":0.009,\"byKind\":{},\"leaked\":0,"
                        + "\"unreapedChildren\":0}]}");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(browser.text("#drawer-body")).doesNotContain("First aid"));
    }

    @Test
    void leavesOutWhatIsNotKnown() {
        String bare = "{\"id\":\"one\",\"rule\":\"growth\",\"confidence\":\"suspected\",\"kind\":\"file\","
                + "\"origin\":\"before-start\",\"process\":{\"pid\":4242},\"count\":80,\"ageSeconds\":0}";
        server.says("leaks", "{\"total\":1,\"leaks\":[" + bare + "]}")
                .says(
                        "processes",
                        "{\"total\":1,\"processes\":[{\"pid\":4242,\"open\":90,\"byKind\":{},"
                                + "\"leaked\":0,\"unreapedChildren\":0}]}")
                .says(
                        "sites",
                        "{\"total\":1,\"sites\":[{\"comm\":\"agent\",\"rule\":\"growth\",\"kind\":\"file\","
                                + "\"confidence\":\"suspected\",\"count\":80,\"oldestAgeSeconds\":1,"
                                + "\"exampleLeakId\":\"one\"}]}");
        open("#leak=one");
        browser.awaitText("#drawer-body .story", "has 80 of kind file");
        verifyNothingMadeUp();

        browser.evaluate("location.hash = '#process=4242'");
        browser.awaitText("#drawer-body", "By kind");
        verifyNothingMadeUp();
        assertThat(browser.consoleErrors()).isEmpty();
    }

    private static void verifyNothingMadeUp() {
        assertThat(browser.text("body")).doesNotContain("undefined", "null", "NaN", "[object");
    }

    @Test
    void showsHostileNamesAsText() {
        server.says("sites", "{\"total\":1,\"sites\":[" + SITE.replace("\"agent\"", "\"<img src=x>\"") + "]}");
        open("");

        browser.awaitText("#sites-rows", "<img src=x>");
        assertThat(browser.findAll("#sites-rows img")).isEmpty();
    }

    @Test
    void saysWhatTheDaemonComplainsOf() {
        server.says("sites", "{\"error\":{\"status\":503,\"message\":\"too many requests at once; try again\"}}");
        open("");

        browser.awaitText("#banner", "ghostfd refuses to answer: too many requests at once; try again.");
        server.says("sites", "{\"total\":1,\"sites\":[" + SITE + "]}");
        browser.find("#retry").click();
        browser.awaitText("#sites-rows", "main.runJob");
        assertThat(browser.find("#banner").isDisplayed()).isFalse();
    }

    @Test
    void triesEverMoreRarelyWhileItFails() {
        server.says("sites", "{\"error\":{\"status\":503,\"message\":\"try again\"}}");
        open("");

        browser.awaitText("#banner-next", "Trying again in 3 s.");
        browser.awaitText("#banner-next", "Trying again in 6 s.");
        browser.awaitText("#banner-next", "Trying again in 12 s.");
    }

    @Test
    void restsWhileNobodyLooksAtIt() {
        open("");
        browser.awaitText("#sites-rows", "main.runJob");

        browser.whileHidden(() -> {
            int before = server.asked();
            // More than two intervals of a page that is looked at.
            await().during(Duration.ofSeconds(7)).atMost(SOON).until(() -> server.asked() == before);
            server.says("sites", "{\"total\":0,\"sites\":[]}");
        });
        browser.awaitText("#sites-empty", "No leaks.");
    }

    @Test
    void drawsTheOpenDescriptorsOfAProcess() {
        open("#process=4242");

        browser.awaitText("#drawer-body", "950, 93 % of the soft limit");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                browser.find("#drawer-body .chart .spark").getAttribute("aria-label"))
                        .matches("Open descriptors of agent: 950 \\d+ s ago, 950 now"));
        assertThat(browser.text("#drawer-body .kinds")).contains("pipe", "900", "file", "50");
        browser.screenshot(SCREENSHOTS.resolve("process.png"));
        assertThat(browser.barriers()).isEmpty();
    }

    private static String processes(int open, int soft, int hard) {
        return "{\"total\":1,\"processes\":[" + PROCESS.substring(0, PROCESS.length() - 1)
                + ",\"open\":%d,\"softLimit\":%d,\"hardLimit\":%d,\"ratio\":%s,"
                        .formatted(open, soft, hard, (double) open / soft)
                + "\"byKind\":{\"pipe\":900,\"file\":50},\"leaked\":870,\"unreapedChildren\":0,"
                + "\"growthPerMinute\":14.5,\"exhaustionSeconds\":306}]}";
    }

    private void open(String fragment) {
        openAt(server.address(fragment));
    }

    private static void openAt(String address) {
        // Away first: an address that differs in its fragment alone would not load the page anew.
        browser.open("about:blank");
        browser.forgetConsole();
        browser.open(address);
    }
}
