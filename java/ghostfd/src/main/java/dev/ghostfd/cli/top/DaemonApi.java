/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli.top;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** A running daemon's HTTP API. Thread-safe; every call waits for the answers, at most a few seconds. */
final class DaemonApi {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int UNAUTHORIZED = 401;
    private static final int OK = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final String base;
    private final Optional<String> authorization;

    /**
     * @param url of the daemon; a user and password in it are sent as basic authentication
     * @throws IllegalArgumentException in words, if it cannot be asked
     */
    DaemonApi(String url) {
        URI uri = URI.create(url.replaceFirst("/+$", ""));
        if (uri.getHost() == null || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
            throw new IllegalArgumentException("'" + url + "' is not like http://127.0.0.1:10024");
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String path = Optional.ofNullable(uri.getRawPath()).orElse("");
        base = uri.getScheme() + "://" + uri.getHost() + port + path;
        authorization = Optional.ofNullable(uri.getUserInfo())
                .map(user -> "Basic " + Base64.getEncoder().encodeToString(user.getBytes(UTF_8)));
    }

    /** Where it is, without the password. */
    String url() {
        return base;
    }

    /**
     * Asks for a view.
     *
     * @param limit of rows
     * @throws IOException in one line that says what to do
     */
    Look look(View view, View.Sort sort, int limit) throws IOException, InterruptedException {
        JsonNode status = get("/api/v1/status");
        int leaks = get("/api/v1/leaks?limit=0").path("total").asInt();
        JsonNode list = get(view.request(sort, limit));
        long lost = 0;
        for (JsonNode loss : status.path("lost")) {
            lost += loss.path("count").asLong();
        }
        List<JsonNode> rows = new ArrayList<>();
        list.path(view.list()).forEach(rows::add);
        rows.sort(sort.comparator());
        String notReady = status.path("ready").asBoolean(true)
                ? ""
                : status.path("notReady").asText("not ready");
        return new Look(view, list.path("total").asInt(), List.copyOf(rows), leaks, lost, notReady);
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE);
        authorization.ifPresent(value -> request.header("Authorization", value));
        HttpResponse<byte[]> response;
        try {
            response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (ConnectException refused) {
            throw new IOException(
                    "no daemon answers at " + base + "; start 'ghostfd daemon' there or name another with --url",
                    refused);
        } catch (HttpTimeoutException late) {
            throw new IOException("no answer from " + base + " in " + PATIENCE.toSeconds() + " s", late);
        } catch (IOException failed) {
            throw new IOException("cannot talk to " + base + ": " + failed.getMessage(), failed);
        }
        if (response.statusCode() == UNAUTHORIZED) {
            throw new IOException(base + " wants a password: write --url=http://USER:PASSWORD@HOST:PORT");
        }
        if (response.statusCode() != OK) {
            throw new IOException(base + path + " answers " + response.statusCode() + "; is that a ghostfd daemon?");
        }
        return parse(response.body());
    }

    private JsonNode parse(byte[] body) throws IOException {
        try {
            return JSON.readTree(body);
        } catch (IOException other) {
            throw new IOException(base + " answers something else than JSON; is that a ghostfd daemon?", other);
        }
    }
}
