/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A running Chromium with one tab. Closing it ends the browser and its driver. */
public final class Browser implements AutoCloseable {
    /** A name of this machine by which a browser trusts it no more than any other without TLS. */
    public static final String ELSEWHERE = "node.test";

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Duration SCRIPT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Says at every start that it has no classes for this very version of Chromium's protocol; none are used. */
    private static final Logger CDP_VERSIONS = Logger.getLogger("org.openqa.selenium.devtools.CdpVersionFinder");

    static {
        CDP_VERSIONS.setLevel(Level.SEVERE);
    }

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
        driver.manage().timeouts().scriptTimeout(SCRIPT_TIMEOUT);
    }

    /** Skips the test where Chromium is not installed; in CI that is a failure. */
    public static Browser start() {
        for (Path program : List.of(CHROMIUM, DRIVER)) {
            if (!Files.isExecutable(program)) {
                String reason = program.getFileName() + " is not installed";
                if (Boolean.parseBoolean(System.getenv("CI"))) {
                    throw new AssertionError("skipped in CI: " + reason);
                }
                Assumptions.abort(reason);
            }
        }
        LoggingPreferences everything = new LoggingPreferences();
        everything.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions()
                .setBinary(CHROMIUM.toFile())
                .addArguments(
                        "--headless=new",
                        // The tests run as root, as which Chromium refuses to have a sandbox; it opens this page only.
                        "--no-sandbox",
                        "--disable-gpu",
                        "--host-resolver-rules=MAP " + ELSEWHERE + " 127.0.0.1",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--no-first-run",
                        "--force-device-scale-factor=1");
        options.setCapability("goog:loggingPrefs", everything);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    public void open(String address) {
        driver.get(address);
    }

    /** Runs something while another tab lies in front of this one. */
    public void whileHidden(Runnable work) {
        String tab = driver.getWindowHandle();
        driver.switchTo().newWindow(WindowType.TAB);
        try {
            work.run();
        } finally {
            driver.close();
            driver.switchTo().window(tab);
        }
    }

    /** CSS pixels of the page itself. */
    public void resize(int width, int height) {
        Map<String, Object> metrics = Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false);
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride", metrics);
    }

    /** What the system is said to prefer: {@code dark} or {@code light}. */
    public void prefer(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    public WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    public List<WebElement> findAll(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    /** The visible text of the first element that fits. */
    public String text(String selector) {
        return find(selector).getText();
    }

    /** Waits until the first element that fits shows a text; it need not be there yet. */
    public void awaitText(String selector, String text) {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(WebDriverException.class)
                .untilAsserted(() -> assertThat(text(selector)).contains(text));
    }

    /** The element that has the focus. */
    public WebElement focused() {
        return driver.switchTo().activeElement();
    }

    public String title() {
        return driver.getTitle();
    }

    /** The value of an expression, by way of JSON. */
    public JsonNode evaluate(String expression) {
        return json((String) driver.executeScript("return JSON.stringify(" + expression + ");"));
    }

    /** What has been written to the console since the last call: errors of scripts, and refusals by the browser. */
    public List<String> consoleErrors() {
        return StreamSupport.stream(driver.manage().logs().get(LogType.BROWSER).spliterator(), false)
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(entry -> entry.getMessage())
                .toList();
    }

    /** Lets the errors so far be those of an earlier page. */
    public void forgetConsole() {
        driver.manage().logs().get(LogType.BROWSER);
    }

    /** What axe finds serious or critical on the page as it is now: rule, help and the element, one line each. */
    public List<String> barriers() {
        driver.executeScript(axe());
        JsonNode result = json((String)
                driver.executeAsyncScript("const done = arguments[arguments.length - 1];" + "axe.run(document).then("
                        + "result => done(JSON.stringify(result.violations)),"
                        + "error => done(JSON.stringify([{impact: 'critical', id: String(error), nodes: [{}]}])));"));
        return StreamSupport.stream(result.spliterator(), false)
                .filter(violation -> List.of("serious", "critical")
                        .contains(violation.path("impact").asText()))
                .flatMap(violation -> StreamSupport.stream(
                                violation.path("nodes").spliterator(), false)
                        .map(node -> violation.path("id").asText() + ": "
                                + violation.path("help").asText() + ": "
                                + node.path("html").asText()))
                .toList();
    }

    /** A picture of what is visible, for people to look at. */
    public void screenshot(Path file) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String axe() {
        try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
