/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ghostfd.leak.Confidence;
import dev.ghostfd.metrics.SampleNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerTest {
    private static final String CLOSE = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    @Test
    void saysInOneLineThatThePortIsTaken() {
        try (TestServer server = new TestServer()) {
            ListenAddress taken = ListenAddress.parse("127.0.0.1:" + server.port());

            assertThatThrownBy(() -> server.startAnother(taken))
                    .isInstanceOf(ListenException.class)
                    .hasMessage("cannot listen on " + taken
                            + ": address already in use; choose another with --web.listen-address");
            assertThatThrownBy(() -> server.startAnother(ListenAddress.parse("192.0.2.1:1")))
                    .hasMessageContaining("no interface of this machine has that address");
            assertThatThrownBy(() -> server.startAnother(ListenAddress.parse("no-such-host.invalid:1")))
                    .hasMessageContaining("no such host");
        }
    }

    @Test
    void answersHealthChecks() {
        try (TestServer server = new TestServer()) {
            assertThat(server.get("/healthz").body()).isEqualTo("ok\n");
            assertThat(server.get("/readyz").statusCode()).isEqualTo(200);
            assertThat(server.get("/readyz").body()).isEqualTo("ready\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "false, false, true, true, baseline not done",
        "true, false, true, true, 'events lost, healing'",
        "true, true, false, true, consumer lags",
        "true, true, true, false, program sys_exit_openat not attached",
    })
    void saysInWordsWhyItIsNotReady(
            boolean baseline, boolean complete, boolean keepsUp, boolean attached, String reason) {
        try (TestServer server = new TestServer()) {
            server.node.set(new SampleNode()
                    .status(SampleNode.status(baseline, complete, keepsUp, attached))
                    .view());

            HttpResponse<String> response = server.get("/readyz");

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).startsWith("not ready: ").contains(reason);
            assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void servesMetricsInTheFormatAskedFor() {
        try (TestServer server = new TestServer()) {
            HttpResponse<String> text = server.get("/metrics");
            HttpResponse<String> openMetrics = server.send(server.request("/metrics")
                    .header("Accept", "application/openmetrics-text; version=1.0.0, */*;q=0.1")
                    .build());

            assertThat(text.headers().firstValue("content-type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
            assertThat(text.body()).contains("ghostfd_state_complete 1.0\n").doesNotContain("# EOF");
            assertThat(openMetrics.headers().firstValue("content-type"))
                    .hasValue("application/openmetrics-text; version=1.0.0; charset=utf-8");
            assertThat(openMetrics.body()).endsWith("# EOF\n");
        }
    }

    @Test
    void answersFiftyScrapesAtOnce() {
        try (TestServer server = new TestServer()) {
            SampleNode sample = new SampleNode();
            IntStream.range(0, 5000).forEach(fd -> sample.orphanedPipe(1, "agent", 0, fd, Confidence.CONFIRMED));
            server.node.set(sample.view());

            List<CompletableFuture<HttpResponse<String>>> scrapes = Stream.generate(() -> server.sendAsync("/metrics"))
                    .limit(50)
                    .toList();

            assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
            assertThat(scrapes)
                    .allSatisfy(scrape -> assertThat(scrape.join().body())
                            .contains("kind=\"pipe\",confidence=\"confirmed\",} 5000.0"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/metrics", "/healthz", "/readyz", "/api/v1/leaks", "/api/v1/status", "/nothing"})
    void answersHeadWithTheLengthAndNoBody(String target) {
        try (TestServer server = new TestServer()) {
            HttpResponse<String> get = server.get(target);
            HttpResponse<String> head =
                    server.send(server.request(target).HEAD().build());

            assertThat(head.statusCode()).isEqualTo(get.statusCode());
            assertThat(head.body()).isEmpty();
            assertThat(head.headers().firstValueAsLong("content-length").orElseThrow())
                    .isPositive();
            assertThat(head.headers().firstValue("content-type"))
                    .isEqualTo(get.headers().firstValue("content-type"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/metrics/", "/api/v1", "/api/v2/leaks", "/..%2fetc/passwd"})
    void knowsNoOtherPaths(String target) {
        try (TestServer server = new TestServer()) {
            HttpResponse<String> response = server.get(target);

            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(TestServer.parse(response.body()).at("/error/status").intValue())
                    .isEqualTo(404);
            assertThat(response.headers().firstValue("content-type")).hasValue("application/json; charset=utf-8");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"})
    void allowsNothingButGetAndHead(String method) throws IOException {
        try (TestServer server = new TestServer()) {
            assertThat(server.raw(method + " /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"))
                    .startsWith("HTTP/1.1 405 ")
                    .containsIgnoringCase("\r\nallow: GET, HEAD\r\n")
                    .endsWith("{\"error\":{\"status\":405,\"message\":\"only GET and HEAD\"}}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "414, 'GET /%s HTTP/1.1', 'Host: x', 5000",
        "431, 'GET / HTTP/1.1', 'Host: x|Cookie: %s', 9000",
        "431, 'GET / HTTP/1.1', 'Host: x|Cookie: %s', 10000000",
        "413, 'GET / HTTP/1.1', 'Host: x|Content-Length: 3', 1",
        "413, 'GET / HTTP/1.1', 'Host: x|Transfer-Encoding: chunked', 1",
        "400, 'GET /%%zz HTTP/1.1', 'Host: x|Connection: close', 1",
        "400, 'GET / HTTP/1.1', 'Accept: text/plain', 1",
        "400, 'GET / HTTP/1.1', 'Host: x|Host: y', 1",
        "400, 'hello', 'world', 1",
        "505, 'GET / HTTP/2.0', 'Host: x', 1",
    })
    void refusesWhatIsTooMuchOrNoHttp(int status, String line, String headers, int length) throws IOException {
        try (TestServer server = new TestServer()) {
            String request = line + "\r\n" + headers.replace("|", "\r\n") + "\r\n\r\n";

            assertThat(server.raw(request.formatted("a".repeat(length))))
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("{\"error\":{\"status\":" + status);
            assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws IOException {
        try (TestServer server = new TestServer()) {
            String answers = server.raw("GET /api/v1/leaks HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100)
                    + "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" + "GET /healthz" + CLOSE);

            assertThat(answers.split("\\{\"total\":0,\"leaks\":\\[]}", -1)).hasSize(101);
            assertThat(answers.lastIndexOf("\"leaks\"")).isLessThan(answers.indexOf("ghostfd_state_complete"));
            assertThat(answers).endsWith("ok\n");
        }
    }

    @Test
    void servesOldClientsAndClosesAfterwards() throws IOException {
        try (TestServer server = new TestServer()) {
            assertThat(server.raw("GET /healthz HTTP/1.0\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("\r\n\r\nok\n");
            assertThat(server.raw("GET http://localhost/healthz" + CLOSE)).endsWith("ok\n");
        }
    }

    @Test
    void cutsOffAClientWhoseHeaderTrickles() throws IOException {
        Limits impatient = limits(16, Duration.ofMillis(300), Duration.ofSeconds(10));
        try (TestServer server = new TestServer(impatient);
                Socket socket = server.connect()) {
            OutputStream out = socket.getOutputStream();
            out.write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
            Thread trickle = Thread.startVirtualThread(() -> {
                try {
                    while (true) {
                        out.write("X: y\r\n".getBytes(StandardCharsets.US_ASCII));
                        Thread.sleep(20);
                    }
                } catch (IOException | InterruptedException e) {
                    // Cut off, as it should be.
                }
            });

            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 408");
            await().atMost(Duration.ofSeconds(5)).until(() -> !trickle.isAlive());
        }
    }

    @Test
    void closesAnIdleConnection() throws IOException {
        Limits impatient = limits(16, Duration.ofSeconds(10), Duration.ofMillis(200));
        try (TestServer server = new TestServer(impatient);
                Socket socket = server.connect()) {
            socket.getOutputStream()
                    .write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(TestServer.readAll(socket.getInputStream())).endsWith("ok\n");
        }
    }

    @Test
    void cutsOffAClientThatDoesNotReadAndTakesItsMemoryBack() throws IOException {
        Limits impatient = new Limits(
                16,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofMillis(500),
                Duration.ofSeconds(2),
                32 << 20);
        try (TestServer server = new TestServer(impatient);
                Socket socket = new Socket()) {
            SampleNode sample = new SampleNode();
            IntStream.range(0, 10_000)
                    .forEach(fd -> sample.orphanedPipe(1, "a".repeat(1000), 0, fd, Confidence.CONFIRMED));
            server.node.set(sample.view());
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            socket.getOutputStream()
                    .write("GET /api/v1/leaks HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            await().until(() -> bodyBytes(server) > 10_000_000);
            await().atMost(Duration.ofSeconds(5)).until(() -> bodyBytes(server) < 1_000_000);
        }
    }

    private static long bodyBytes(TestServer server) {
        return server.json("/api/v1/status").at("/http/bodyBytes").longValue();
    }

    @Test
    void slowClientsDoNotShutOutAHealthCheck() throws IOException {
        List<Socket> slow = new ArrayList<>();
        try (TestServer server = new TestServer(limits(16, Duration.ofSeconds(10), Duration.ofSeconds(10)))) {
            for (int i = 0; i < 100; i++) {
                Socket socket = server.connect();
                slow.add(socket);
                socket.getOutputStream().write('G');
            }

            assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
            assertThat(server.json("/api/v1/status")
                            .at("/http/connectionsClosedForRoom")
                            .intValue())
                    .isGreaterThanOrEqualTo(85);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"gzip, true", "'deflate, gzip;q=0.5', true", "gzip;q=0, false", "identity, false"})
    void compressesWhenAsked(String acceptEncoding, boolean compressed) throws IOException, InterruptedException {
        try (TestServer server = new TestServer()) {
            for (String target : List.of("/metrics", "/api/v1/status")) {
                HttpResponse<byte[]> response = server.getBytes(server.request(target)
                        .header("Accept-Encoding", acceptEncoding)
                        .build());

                assertThat(response.headers().firstValue("content-encoding").isPresent())
                        .isEqualTo(compressed);
                byte[] body = compressed
                        ? new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes()
                        : response.body();
                assertThat(new String(body, StandardCharsets.UTF_8))
                        .containsAnyOf("ghostfd_state_complete 1.0", "\"version\"");
            }
        }
    }

    @Test
    void tellsBrowsersToBeCareful() {
        try (TestServer server = new TestServer()) {
            HttpResponse<String> page = server.get("/");

            assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
            assertThat(page.body()).contains("href=\"api/v1/leaks\"", "href=\"metrics\"");
            assertThat(page.headers().firstValue("x-content-type-options")).hasValue("nosniff");
            assertThat(page.headers().firstValue("content-security-policy"))
                    .hasValueSatisfying(policy -> assertThat(policy).startsWith("default-src 'self'"));
            assertThat(server.get("/api/v1/leaks").headers().firstValue("cache-control"))
                    .hasValue("no-store");
        }
    }

    @Test
    void stopsAtOnceEvenWithOpenConnections() throws IOException {
        TestServer server = new TestServer();
        try (Socket socket = server.connect()) {
            socket.getOutputStream()
                    .write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            long start = System.nanoTime();

            server.close();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1500));
            assertThat(TestServer.readAll(socket.getInputStream())).endsWith("ok\n");
        }
    }

    private static Limits limits(int connections, Duration headerDeadline, Duration idleTimeout) {
        return new Limits(
                connections, headerDeadline, idleTimeout, Duration.ofSeconds(10), Duration.ofSeconds(2), 8 << 20);
    }
}
