/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {
    private static final Path SOURCES = Path.of("src/main/resources/dev/ghostfd/http/page");
    private static final Pattern LOADED = Pattern.compile("(?:src|<link[^>]* href)=\"([^\"]*)\"");
    private static final Pattern IMPORTED = Pattern.compile("from \"\\./([^\"]*)\"");

    private final TestServer server = new TestServer();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void servesThePageAndAllThatItLoads() {
        HttpResponse<String> page = server.get("/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");

        Set<String> served = new TreeSet<>();
        for (String address : found(LOADED, page.body())) {
            load(address, served);
        }
        assertThat(served.stream().map(address -> address.substring(address.lastIndexOf('/') + 1)))
                .containsExactlyInAnyOrderElementsOf(manifest().keySet().stream()
                        .filter(name -> !name.equals("index.html"))
                        .toList());
    }

    /** Loads a file and, if it is a script, what that imports from beside it. */
    private void load(String address, Set<String> served) {
        if (!served.add(address)) {
            return;
        }
        HttpResponse<String> file = server.get("/" + address);
        assertThat(file.statusCode()).as(address).isEqualTo(200);
        String folder = address.substring(0, address.lastIndexOf('/') + 1);
        found(IMPORTED, file.body()).forEach(name -> load(folder + name, served));
    }

    @ParameterizedTest
    @CsvSource({
        "app.js, text/javascript; charset=utf-8",
        "style.css, text/css; charset=utf-8",
        "icon.svg, image/svg+xml",
        "uPlot.esm.js, text/javascript; charset=utf-8",
    })
    void letsFilesBeKeptForEverUnderAnAddressOfTheirContent(String name, String contentType) {
        HttpResponse<String> file = server.get(asset(name));

        assertThat(file.headers().firstValue("content-type")).hasValue(contentType);
        assertThat(file.headers().firstValue("cache-control")).hasValue("private, max-age=31536000, immutable");
        assertThat(file.headers().firstValue("x-content-type-options")).hasValue("nosniff");
        assertThat(server.get("/").headers().firstValue("cache-control")).hasValue("no-cache");
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "gzip"})
    void sendsWhatTheClientHasOnlyOnce(String encoding) throws IOException, InterruptedException {
        for (String path : List.of("/", asset("style.css"))) {
            HttpRequest.Builder request = server.request(path).header("Accept-Encoding", encoding);
            HttpResponse<byte[]> first = server.getBytes(request.build());
            String tag = first.headers().firstValue("etag").orElseThrow();

            HttpResponse<byte[]> again = server.getBytes(request.copy()
                    .header("If-None-Match", "\"other\", W/" + tag)
                    .build());
            HttpResponse<byte[]> changed =
                    server.getBytes(request.header("If-None-Match", "\"other\"").build());

            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            assertThat(again.headers().firstValue("etag")).hasValue(tag);
            assertThat(changed.statusCode()).isEqualTo(200);
            assertThat(changed.body()).isEqualTo(first.body());
        }
    }

    @Test
    void keepsTheConnectionAfterAnAnswerWithoutABody() throws IOException {
        String tag = server.get("/").headers().firstValue("etag").orElseThrow();

        assertThat(server.raw("GET / HTTP/1.1\r\nHost: x\r\nIf-None-Match: " + tag + "\r\n\r\n"
                        + "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 304 ")
                .contains("\r\n\r\nHTTP/1.1 200 ")
                .endsWith("\r\n\r\nok\n");
    }

    @Test
    void compressesUnderATagOfItsOwn() throws IOException, InterruptedException {
        String path = asset("uPlot.esm.js");
        HttpResponse<String> plain = server.get(path);
        HttpResponse<byte[]> gzip = server.getBytes(
                server.request(path).header("Accept-Encoding", "gzip").build());

        assertThat(gzip.headers().firstValue("content-encoding")).hasValue("gzip");
        assertThat(gzip.headers().firstValue("etag"))
                .isNotEqualTo(plain.headers().firstValue("etag"));
        assertThat(gzip.body()).hasSizeLessThan(plain.body().length() / 2);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip.body()))) {
            assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo(plain.body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "style.css"})
    void answersHead(String name) {
        String path = name.equals("/") ? name : asset(name);
        HttpResponse<String> get = server.get(path);
        HttpResponse<String> head = server.send(server.request(path).HEAD().build());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        for (String field : List.of("content-length", "content-type", "etag", "cache-control")) {
            assertThat(head.headers().firstValue(field))
                    .as(field)
                    .isEqualTo(get.headers().firstValue(field));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/index.html",
                "/assets/",
                "/assets/app.js",
                "/assets/0000000000000000/app.js",
                "FOLDER",
                "FOLDER/",
                "FOLDER/manifest",
                "FOLDER/index.html",
                "FOLDER/../manifest",
                "FOLDER/./app.js",
                "FOLDER//app.js",
                "FOLDER/..%2f..%2fkernel/ghostfd.bpf.o",
                "FOLDER/%2e%2e/%2e%2e/kernel/ghostfd.bpf.o",
                "FOLDER/app.js%00",
                "FOLDER/../../META-INF/MANIFEST.MF",
                "FOLDER/META-INF/resources/webjars/uplot/LICENSE",
            })
    void servesNothingButWhatTheManifestNames(String path) throws IOException {
        String folder = asset("app.js").replace("/app.js", "");

        assertThat(server.raw(
                        "GET " + path.replace("FOLDER", folder) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 404 ")
                .contains("{\"error\":{\"status\":404,");
    }

    @Test
    void namesEveryFileOfThePageInTheManifest() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            assertThat(manifest().values().stream().filter(resource -> resource.startsWith("page/")))
                    .containsExactlyInAnyOrderElementsOf(files.map(file -> "page/" + file.getFileName())
                            .filter(resource -> !resource.equals("page/manifest"))
                            .toList());
        }
    }

    /** The content security policy would stop it: the page would be broken, not merely less tidy. */
    @Test
    void hasNothingInlineAndNothingFromElsewhere() throws IOException {
        assertThat(server.get("/").body())
                .doesNotContainPattern("<script(?![^>]* src=)")
                .doesNotContainPattern("(?i)<style|\\sstyle=|\\son[a-z]+=|javascript:")
                .doesNotContain("{{");
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.toList()) {
                assertThat(Files.readString(file).replace("xmlns=\"http://www.w3.org/2000/svg\"", ""))
                        .as(file.toString())
                        .doesNotContainPattern("https?://|[\"'(]//")
                        .doesNotContainPattern("setAttribute\\(\"style\"|innerHTML|insertAdjacentHTML|eval\\(");
            }
        }
    }

    private String asset(String name) {
        return found(LOADED, server.get("/").body()).stream()
                .filter(address -> address.endsWith("/app.js"))
                .map(address -> "/" + address.replaceFirst("[^/]*$", name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(result -> result.group(1)).toList();
    }

    private static Map<String, String> manifest() {
        try (Stream<String> lines = Files.lines(SOURCES.resolve("manifest"))) {
            return lines.filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" ", -1))
                    .collect(Collectors.toMap(entry -> entry[0], entry -> entry[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
