/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ghostfd.attribution.CallSites;
import dev.ghostfd.event.BootClock;
import dev.ghostfd.http.access.Access;
import dev.ghostfd.leak.NodeView;
import dev.ghostfd.lifecycle.ProcessDetail;
import dev.ghostfd.metrics.BuildInfo;
import dev.ghostfd.metrics.MetricsExporter;
import dev.ghostfd.metrics.SampleNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/** A real server on a free port, showing a hand-made node, and a client for it. */
final class TestServer implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int SOCKET_TIMEOUT_MILLIS = 10_000;

    final AtomicReference<NodeView> node = new AtomicReference<>(new SampleNode().view());
    final AtomicReference<Function<Integer, CompletableFuture<Optional<ProcessDetail>>>> detail =
            new AtomicReference<>(pid -> CompletableFuture.completedFuture(Optional.empty()));
    private final HttpClient client;
    private final String scheme;
    private final Sources sources;
    private final HttpServer server;

    TestServer() {
        this(Limits.DEFAULT);
    }

    TestServer(Limits limits) {
        this(limits, Access.open());
    }

    TestServer(Limits limits, Access access) {
        this(limits, access, Optional.empty());
    }

    /** With TLS, and a client that has this context; others can be made with {@link #client}. */
    TestServer(Access access, SSLContext tls) {
        this(Limits.DEFAULT, access, Optional.of(tls));
    }

    TestServer(Limits limits, Access access, Optional<SSLContext> tls) {
        scheme = tls.isPresent() ? "https" : "http";
        client = client(tls);
        BuildInfo build = new BuildInfo("1.2.3", "abc");
        sources = new Sources(
                node::get,
                pid -> detail.get().apply(pid),
                SampleNode.ATTRIBUTION,
                CallSites.NONE,
                new BootClock(1_700_000_000_000_000_000L),
                new MetricsExporter(node::get, SampleNode.ATTRIBUTION, build, 500),
                new Sources.Daemon(build, "6.18.0", 90 * SampleNode.SECOND, Map.of("maxSeries", 500L)));
        try {
            server = HttpServer.start(ListenAddress.parse("127.0.0.1:0"), sources, limits, access);
        } catch (ListenException e) {
            throw new UncheckedIOException(e);
        }
    }

    static HttpClient client(Optional<SSLContext> tls) {
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        tls.ifPresent(builder::sslContext);
        return builder.build();
    }

    void startAnother(ListenAddress address) throws ListenException {
        HttpServer.start(address, sources, Limits.DEFAULT, Access.open()).close();
    }

    int port() {
        return server.port();
    }

    HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create(scheme + "://127.0.0.1:" + port() + target));
    }

    HttpResponse<String> get(String target) {
        return send(request(target).build());
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    CompletableFuture<HttpResponse<String>> sendAsync(String target) {
        return sendAsync(request(target).build());
    }

    CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest request) {
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<byte[]> getBytes(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    JsonNode json(String target) {
        return parse(get(target).body());
    }

    static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
        return socket;
    }

    /** Sends bytes as they are and returns all that comes back until the server closes. */
    String raw(String bytes) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return readAll(socket.getInputStream());
        }
    }

    static String readAll(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
