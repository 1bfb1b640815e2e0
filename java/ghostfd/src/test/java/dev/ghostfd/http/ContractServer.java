/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The real page in front of answers that are written down: everything the API may ever say, or leave out. */
final class ContractServer implements AutoCloseable {
    private final TestServer real = new TestServer();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final HttpServer server;

    ContractServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    /** What a list answers from now on, whatever its parameters; the rest comes from a real server. */
    ContractServer says(String list, String json) {
        answers.put("/api/v1/" + list, json);
        return this;
    }

    /** How often a list of written answers has been asked for. */
    int asked() {
        return asked.get();
    }

    String address(String fragment) {
        return address("127.0.0.1", fragment);
    }

    String address(String host, String fragment) {
        return "http://" + host + ":" + server.getAddress().getPort() + "/" + fragment;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String written = answers.get(exchange.getRequestURI().getPath());
            if (written != null) {
                asked.incrementAndGet();
                exchange.getResponseHeaders().set("Content-Type", Answer.JSON);
                send(exchange, written.startsWith("{\"error\"") ? 503 : 200, written);
                return;
            }
            HttpResponse<String> response = real.get(exchange.getRequestURI().toString());
            for (String field : new String[] {"content-type", "content-security-policy"}) {
                response.headers()
                        .firstValue(field)
                        .ifPresent(value -> exchange.getResponseHeaders().set(field, value));
            }
            send(exchange, response.statusCode(), response.body());
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        real.close();
    }
}
