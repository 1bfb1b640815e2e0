/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.ghostfd.http.access.Access;
import dev.ghostfd.http.access.TestAuthority;
import dev.ghostfd.leak.Confidence;
import dev.ghostfd.metrics.SampleNode;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many clients that want too much, over TLS and with passwords: each gets its answer, and health checks do too. */
class HostileClientsTest {
    private static final int HEAP_MARGIN = 64 << 20;
    private static final int LEAKS = 5000;

    @TempDir
    private Path folder;

    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private TestAuthority authority;
    private TestServer server;

    @BeforeEach
    void serve() throws IOException {
        authority = new TestAuthority(folder);
        authority.issue("server", 1, TestAuthority.LOCAL);
        String config = """
                tls_server_config: {cert_file: server.pem, key_file: server.key}
                basic_auth_users: {alice: '%s'}
                """.formatted(BCrypt.withDefaults().hashToString(8, "right".toCharArray()));
        server = new TestServer(
                Access.configured(Files.writeString(folder.resolve("web.yml"), config)),
                authority.client(Optional.empty()));
        SampleNode sample = new SampleNode();
        IntStream.range(0, LEAKS)
                .forEach(leak -> sample.orphanedPipe(1000 + leak % 300, "agent", 0, leak, Confidence.CONFIRMED));
        server.node.set(sample.view());
    }

    @AfterEach
    void stop() {
        clients.shutdownNow();
        server.close();
    }

    private HttpRequest asking(String target, String password) {
        String credentials = Base64.getEncoder().encodeToString(("alice:" + password).getBytes(StandardCharsets.UTF_8));
        return server.request(target)
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Basic " + credentials)
                .build();
    }

    private HttpResponse<String> ask(String target) {
        return server.send(asking(target, "right"));
    }

    /** Sends it as it is, over TLS; what comes back until the server closes or resets, cut after a while. */
    private String raw(String bytes) throws IOException {
        try (Socket plain = server.connect();
                Socket socket = authority
                        .client(Optional.empty())
                        .getSocketFactory()
                        .createSocket(plain, "localhost", plain.getPort(), true)) {
            OutputStream out = socket.getOutputStream();
            out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return new String(socket.getInputStream().readNBytes(4096), StandardCharsets.UTF_8);
        }
    }

    private <T> List<Future<T>> all(int number, Callable<T> client) {
        return IntStream.range(0, number).mapToObj(i -> clients.submit(client)).toList();
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void aThousandSlowConnectionsDoNotShutOutAHealthCheckNorFillTheMemory() throws IOException {
        assertThat(ask("/healthz").statusCode()).isEqualTo(200);
        long before = usedHeap();
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                Socket socket = server.connect();
                slow.add(socket);
                // Half of them not even a whole TLS record; the others begin a handshake that does not go on.
                socket.getOutputStream().write(i % 2 == 0 ? new byte[] {22, 3, 1} : new byte[] {22, 3, 1, 0, 2, 1, 0});
                if (i % 100 == 99) {
                    assertThat(ask("/healthz").statusCode()).isEqualTo(200);
                }
            }

            assertThat(ask("/healthz").statusCode()).isEqualTo(200);
            // Whoever makes room does so on his event loop, a moment after the newcomer is let in.
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> TestServer.parse(ask("/api/v1/status").body())
                                    .at("/http/connections")
                                    .intValue()
                            <= Limits.DEFAULT.connections());
            assertThat(usedHeap() - before).isLessThan(HEAP_MARGIN);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void headersOfTenMegabytesAreRefusedAndNotKept() throws Exception {
        String huge = "GET / HTTP/1.1\r\nHost: x\r\nCookie: " + "a".repeat(10_000_000) + "\r\n\r\n";
        assertThat(ask("/healthz").statusCode()).isEqualTo(200);
        long before = usedHeap();

        List<Future<String>> answers = all(20, () -> refusalOf(huge));

        for (Future<String> answer : answers) {
            assertThat(answer.get())
                    .satisfiesAnyOf(
                            text -> assertThat(text).startsWith("HTTP/1.1 431 "),
                            text -> assertThat(text).isEqualTo("reset"));
            assertThat(ask("/healthz").statusCode()).isEqualTo(200);
        }
        assertThat(refusalOf(huge.replaceFirst("a{9900000}", ""))).startsWith("HTTP/1.1 431 ");
        assertThat(usedHeap() - before).isLessThan(HEAP_MARGIN);
    }

    /** The server closes while the client still writes: that may reset the connection before the answer is read. */
    private String refusalOf(String request) {
        try {
            return raw(request);
        } catch (IOException e) {
            return "reset";
        }
    }

    @Test
    void whatIsNoRequestGetsARefusalOrNothingAndTheOthersAreServed() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 100; round++) {
            byte[] noise = new byte[1 + random.nextInt(3000)];
            random.nextBytes(noise);
            String request = switch (round % 4) {
                case 0 -> new String(noise, StandardCharsets.ISO_8859_1) + "\r\n\r\n";
                case 1 -> "GET /" + new String(noise, StandardCharsets.ISO_8859_1) + " HTTP/1.1\r\nHost: x\r\n\r\n";
                case 2 -> "GET / HTTP/1.1\r\n" + new String(noise, StandardCharsets.ISO_8859_1) + "\r\n\r\n";
                default -> "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + noise.length;
            };

            assertThat(refusalOf(request + "GET /x HTTP/1.1\r\nConnection: close\r\nHost: x\r\n\r\n"))
                    .doesNotContain("\"status\":500")
                    .doesNotContain("HTTP/1.1 200");
        }
        assertThat(ask("/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void fiftyScrapesAtOnceGetAllOfFiveThousandLeaks() {
        assertThat(ask("/healthz").statusCode()).isEqualTo(200);
        long before = usedHeap();

        List<CompletableFuture<HttpResponse<String>>> scrapes = IntStream.range(0, 50)
                .mapToObj(i -> server.sendAsync(asking(i % 5 == 0 ? "/api/v1/leaks?limit=100" : "/metrics", "right")))
                .toList();

        for (int i = 0; i < scrapes.size(); i++) {
            assertThat(ask("/healthz").statusCode()).isEqualTo(200);
            HttpResponse<String> scrape = scrapes.get(i).join();
            assertThat(scrape.statusCode()).isEqualTo(200);
            assertThat(scrape.body())
                    .contains(i % 5 == 0 ? "\"total\":5000" : "kind=\"pipe\",confidence=\"confirmed\",} 5000.0");
        }
        assertThat(usedHeap() - before).isLessThan(HEAP_MARGIN);
    }

    @Test
    void aFloodOfWrongPasswordsIsTurnedAwayWhileARightOneIsServed() {
        assertThat(ask("/healthz").statusCode()).isEqualTo(200);

        List<CompletableFuture<HttpResponse<String>>> guesses = IntStream.range(0, 100)
                .mapToObj(i -> server.sendAsync(asking("/api/v1/leaks", "wrong" + i)))
                .toList();

        for (CompletableFuture<HttpResponse<String>> guess : guesses) {
            assertThat(ask("/healthz").body()).isEqualTo("ok\n");
            HttpResponse<String> refusal = guess.join();
            assertThat(refusal.statusCode()).isIn(401, 429);
            assertThat(refusal.body()).startsWith("{\"error\":{\"status\":" + refusal.statusCode());
            assertThat(refusal.headers().firstValue(refusal.statusCode() == 401 ? "www-authenticate" : "retry-after"))
                    .isPresent();
        }
        assertThat(guesses).anyMatch(guess -> guess.join().statusCode() == 401);
        var counts = TestServer.parse(ask("/api/v1/status").body()).get("http");
        assertThat(counts.get("requestsDenied").intValue()
                        + counts.get("passwordsTurnedAway").intValue())
                .isEqualTo(100);
    }

    @Test
    void everyPathAsksForAPassword() {
        for (String target : new String[] {"/", "/metrics", "/healthz", "/readyz", "/api/v1/leaks", "/nothing"}) {
            HttpResponse<String> refusal = server.get(target);

            assertThat(refusal.statusCode()).as(target).isEqualTo(401);
            assertThat(refusal.headers().firstValue("www-authenticate"))
                    .hasValue("Basic realm=\"ghostfd\", charset=\"UTF-8\"");
            assertThat(refusal.body()).doesNotContain("leak-", "ghostfd_");
            assertThat(server.send(asking(target, "wrong")).statusCode()).isEqualTo(401);
            assertThat(ask(target).statusCode()).as(target).isIn(200, 404);
        }
    }
}
