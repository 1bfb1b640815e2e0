/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ghostfd.http.access.Access;
import dev.ghostfd.http.access.TestAuthority;
import dev.ghostfd.http.access.WebConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS as clients see it, with real certificates. */
class TlsTest {
    private static final String PLAIN = """
            tls_server_config:
              cert_file: server.pem
              key_file: server.key
            """;
    private static final String MUTUAL = PLAIN + """
            #
              client_ca_file: ca.pem
              client_auth_type: RequireAndVerifyClientCert
            """;

    @TempDir
    private Path folder;

    private TestAuthority authority;

    @BeforeEach
    void makeCertificates() {
        authority = new TestAuthority(folder);
        authority.issue("server", 1, TestAuthority.LOCAL);
    }

    private Access configured(String text) {
        try {
            return Access.configured(Files.writeString(folder.resolve("web.yml"), text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SSLContext anonymous() {
        return authority.client(Optional.empty());
    }

    @Test
    void servesOverTls() {
        try (TestServer server = new TestServer(configured(PLAIN), anonymous())) {
            assertThat(server.get("/healthz").body()).isEqualTo("ok\n");
            assertThat(server.get("/healthz").sslSession().orElseThrow().getProtocol())
                    .isEqualTo("TLSv1.3");
            assertThat(server.get("/metrics").body()).contains("ghostfd_state_complete 1.0");
            assertThat(server.json("/api/v1/leaks").get("total").intValue()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "min_version: TLS13, TLSv1.2, ",
        "min_version: TLS13, TLSv1.3, TLS_AES_",
        "max_version: TLS12, TLSv1.3, ",
        "max_version: TLS12, TLSv1.2, TLS_ECDHE_ECDSA_",
        "cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256], TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256], TLSv1.2, ",
        "curve_preferences: [CurveP384], TLSv1.3, TLS_AES_",
    })
    void speaksOnlyWhatTheConfigurationAllows(String setting, String offered, String suite) throws IOException {
        try (TestServer server = new TestServer(configured(PLAIN + "  " + setting + "\n"), anonymous());
                Socket plain = server.connect();
                SSLSocket socket = (SSLSocket)
                        anonymous().getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true)) {
            socket.setEnabledProtocols(new String[] {offered});

            if (suite == null) {
                assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
            } else {
                socket.startHandshake();
                assertThat(socket.getSession().getCipherSuite()).startsWith(suite);
            }
        }
    }

    @Test
    void asksForAClientCertificateOfItsAuthority() {
        authority.issue("prometheus", 1, "DNS:prometheus.example");
        authority.issue("expired", -1, "DNS:prometheus.example");
        TestAuthority another = new TestAuthority(emptyFolder("another"));
        another.issue("stranger", 1, "DNS:prometheus.example");
        try (TestServer server = new TestServer(configured(MUTUAL), authority.client(Optional.of("prometheus")))) {
            assertThat(server.get("/healthz").statusCode()).isEqualTo(200);

            assertRefused(server, anonymous());
            assertRefused(server, authority.client(Optional.of("expired")));
            assertRefused(server, withCertificateOf(another));
            assertThat(server.json("/api/v1/status")
                            .at("/http/handshakesFailed")
                            .intValue())
                    .isGreaterThanOrEqualTo(3);
        }
    }

    /** A client that trusts this server and shows a certificate that this server's authority has not signed. */
    private SSLContext withCertificateOf(TestAuthority another) {
        try {
            Files.copy(another.path("stranger.pem"), folder.resolve("stranger.pem"));
            Files.copy(another.path("stranger.key"), folder.resolve("stranger.key"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return authority.client(Optional.of("stranger"));
    }

    private Path emptyFolder(String name) {
        try {
            return Files.createDirectory(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertRefused(TestServer server, SSLContext context) {
        try (var client = TestServer.client(Optional.of(context))) {
            assertThatThrownBy(() -> client.send(
                            server.request("/healthz").build(), java.net.http.HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "prometheus.example, true",
        "10.1.2.3, true",
        "2001:db8:0:0::1, true",
        "ops@example.org, true",
        "spiffe://example.org/prometheus, true",
        "example, false",
        "grafana.example, false",
    })
    void admitsTheNamesThatAreAllowed(String allowed, boolean admitted) {
        authority.issue(
                "prometheus",
                1,
                "DNS:prometheus.example,IP:10.1.2.3,IP:2001:db8::1,email:ops@example.org,"
                        + "URI:spiffe://example.org/prometheus");
        String config = MUTUAL + "  client_allowed_sans: ['" + allowed + "']\n";
        SSLContext client = authority.client(Optional.of("prometheus"));
        try (TestServer server = new TestServer(configured(config), client)) {
            if (admitted) {
                assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
            } else {
                assertRefused(server, client);
            }
        }
    }

    @Test
    void servesAnExpiredCertificateWhichClientsRefuse() {
        authority.issue("server", -1, TestAuthority.LOCAL);
        try (TestServer server = new TestServer(configured(PLAIN), anonymous())) {
            assertRefused(server, anonymous());
        }
    }

    @Test
    void tellsAClientThatSpeaksPlainHttpWhatIsWrong() throws IOException {
        try (TestServer server = new TestServer(configured(PLAIN), anonymous())) {
            assertThat(server.raw("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"))
                    .startsWith("HTTP/1.1 400 ")
                    .endsWith("this port speaks TLS: use https:// here\n");
            assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void cutsOffAHandshakeThatTrickles() throws IOException {
        Limits impatient = new Limits(
                16,
                Duration.ofMillis(300),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                8 << 20);
        try (TestServer server = new TestServer(impatient, configured(PLAIN), Optional.of(anonymous()));
                Socket socket = server.connect()) {
            socket.getOutputStream().write(new byte[] {22, 3, 1});

            assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(64);
        }
    }

    @Test
    void endsItsLastAnswerAsTlsAsksForIt() throws IOException {
        try (TestServer server = new TestServer(configured(PLAIN), anonymous());
                Socket plain = server.connect();
                Socket socket =
                        anonymous().getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true)) {
            socket.getOutputStream()
                    .write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
                            .getBytes(StandardCharsets.US_ASCII));

            assertThat(TestServer.readAll(socket.getInputStream()))
                    .as("an end without close_notify would be an exception")
                    .startsWith("HTTP/1.1 405 ");
        }
    }

    @Test
    void takesNoConfigurationWithoutItsFiles() {
        assertThatThrownBy(() -> Access.configured(
                        Files.writeString(folder.resolve("web.yml"), PLAIN.replace("server.key", "none.key"))))
                .isInstanceOf(WebConfigException.class)
                .hasMessage(folder.resolve("web.yml") + ":3: cannot read key_file " + folder.resolve("none.key")
                        + ": there is no such file");
    }
}
