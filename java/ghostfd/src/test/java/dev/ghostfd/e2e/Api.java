/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/** The daemon's HTTP interface, seen by a client. */
final class Api {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final int PAGE = 1000;
    private static final Pattern SAMPLE =
            Pattern.compile("^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? ([^ ]+)$", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final String base;
    private final HttpClient client;
    private final String authorization;

    Api(int port) {
        this("http://127.0.0.1:" + port, CLIENT, "");
    }

    private Api(String base, HttpClient client, String authorization) {
        this.base = base;
        this.client = client;
        this.authorization = authorization;
    }

    /** Over TLS, with a user name and password. */
    static Api secured(int port, SSLContext tls, String credentials) {
        return new Api(
                "https://127.0.0.1:" + port,
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(tls)
                        .build(),
                "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
    }

    String url() {
        return base;
    }

    HttpResponse<String> get(String path) {
        return get(path, "*/*");
    }

    HttpResponse<String> get(String path, String accept) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(10))
                .header("Accept", accept);
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    boolean isReady() {
        try {
            return get("/readyz").statusCode() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    JsonNode json(String path) {
        HttpResponse<String> response = get(path);
        if (response.statusCode() != 200) {
            throw new AssertionError(path + ": " + response.statusCode() + " " + response.body());
        }
        return parse(response.body());
    }

    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + json, e);
        }
    }

    /** All current findings, page by page. */
    List<JsonNode> leaks() {
        return leaks("");
    }

    /** All current findings that pass a filter, `rule=orphaned-pipe` say. */
    List<JsonNode> leaks(String filter) {
        Map<String, JsonNode> byId = new HashMap<>();
        List<JsonNode> leaks = new ArrayList<>();
        int total = Integer.MAX_VALUE;
        for (int offset = 0; offset < total; offset += PAGE) {
            JsonNode page =
                    json("/api/v1/leaks?limit=" + PAGE + "&offset=" + offset + (filter.isEmpty() ? "" : "&" + filter));
            total = page.required("total").asInt();
            for (JsonNode leak : page.required("leaks")) {
                // Findings that come or go between two pages move the others: one may turn up on both.
                if (byId.put(leak.required("id").asText(), leak) == null) {
                    leaks.add(leak);
                }
            }
        }
        return leaks;
    }

    JsonNode process(int pid) {
        return json("/api/v1/processes/" + pid);
    }

    /** The sum over all samples of the metric that carry these labels; 0 if there is none. */
    double metric(String name, String... labels) {
        Matcher sample = SAMPLE.matcher(get("/metrics").body());
        double sum = 0;
        while (sample.find()) {
            if (sample.group(1).equals(name) && has(sample.group(2), labels)) {
                sum += Double.parseDouble(sample.group(3));
            }
        }
        return sum;
    }

    private static boolean has(String sampleLabels, String... wanted) {
        Map<String, String> present = new HashMap<>();
        Matcher label = LABEL.matcher(sampleLabels == null ? "" : sampleLabels);
        while (label.find()) {
            present.put(label.group(1), label.group(2));
        }
        for (int i = 0; i < wanted.length; i += 2) {
            if (!wanted[i + 1].equals(present.get(wanted[i]))) {
                return false;
            }
        }
        return true;
    }
}
