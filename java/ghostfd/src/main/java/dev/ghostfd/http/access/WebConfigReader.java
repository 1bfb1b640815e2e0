/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the file that --web.config.file names, in the format of Prometheus' exporter-toolkit
 * (docs/web-configuration.md there). What it does not know it refuses: a misspelt key must not leave a door open.
 */
final class WebConfigReader {
    private static final int LARGEST = 1 << 20;
    private static final String TLS = "tls_server_config";
    private static final String HTTP = "http_server_config";
    private static final String USERS = "basic_auth_users";
    private static final List<String> SECTIONS = List.of(TLS, HTTP, USERS);
    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(0[4-9]|[12]\\d|3[01])\\$[./A-Za-z0-9]{53}");

    /** The headers that can be set, each with the values that it may have; none for any. */
    private static final Map<String, List<String>> HEADERS = Map.of(
            "Content-Security-Policy", List.of(),
            "Strict-Transport-Security", List.of(),
            "X-Content-Type-Options", List.of("nosniff"),
            "X-Frame-Options", List.of("deny", "sameorigin"),
            "X-XSS-Protection", List.of());

    private WebConfigReader() {}

    static WebConfig read(Path file) throws WebConfigException {
        return parse(file, contents(file));
    }

    private static String contents(Path file) throws WebConfigException {
        try {
            if (Files.size(file) > LARGEST) {
                throw new WebConfigException(file + " is larger than a web configuration can be");
            }
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (WebConfigException tooLarge) {
            throw tooLarge;
        } catch (IOException cause) {
            throw new WebConfigException("cannot read the web configuration " + file + ": " + PemSource.reason(cause));
        }
    }

    static WebConfig parse(Path file, String text) throws WebConfigException {
        Optional<ConfigNode> top = ConfigNode.parse(file, text);
        Map<String, ConfigNode> sections = top.isPresent() ? top.get().fields(SECTIONS) : Map.of();
        Optional<TlsSettings> tls = Optional.empty();
        if (sections.containsKey(TLS)) {
            tls = Optional.of(TlsSection.read(sections.get(TLS), file));
        }
        return new WebConfig(
                file,
                tls,
                sections.containsKey(HTTP) ? headers(sections.get(HTTP)) : Map.of(),
                sections.containsKey(USERS) ? users(sections.get(USERS)) : Map.of());
    }

    private static Map<String, String> headers(ConfigNode section) throws WebConfigException {
        Map<String, ConfigNode> fields = section.fields(List.of("http2", "headers"));
        if (fields.containsKey("http2")) {
            /* Either is fine: true allows HTTP/2, which this server does not offer. */
            fields.get("http2").flag();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        if (fields.containsKey("headers")) {
            Map<String, ConfigNode> given = fields.get("headers")
                    .fields(HEADERS.keySet().stream().sorted().toList());
            for (var header : given.entrySet()) {
                headers.put(header.getKey(), headerValue(header.getValue(), HEADERS.get(header.getKey())));
            }
        }
        return headers;
    }

    private static String headerValue(ConfigNode node, List<String> allowed) throws WebConfigException {
        String value = node.text();
        if (!value.isEmpty() && !allowed.isEmpty() && !allowed.contains(value)) {
            throw node.error("'" + value + "' cannot be used here; use " + String.join(" or ", allowed));
        }
        if (value.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw node.error("a header's value is one line of ASCII");
        }
        return value;
    }

    private static Map<String, String> users(ConfigNode section) throws WebConfigException {
        Map<String, String> users = new LinkedHashMap<>();
        for (var user : section.entries().entrySet()) {
            String name = user.getKey();
            String hash = user.getValue().text();
            if (!BCRYPT.matcher(hash).matches()) {
                /* Not shown: it may be the password itself. */
                throw user.getValue()
                        .error("the password of '" + name
                                + "' is not a bcrypt hash ($2a$, $2b$ or $2y$); make one with: htpasswd -nBC 10 "
                                + name);
            }
            if (name.contains(":")) {
                throw user.getValue().error("a user name cannot contain a colon");
            }
            users.put(name, hash);
        }
        return users;
    }
}
