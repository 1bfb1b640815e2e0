/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WebConfigTest {
    private static final Path FILE = Path.of("/etc/ghostfd/web.yml");
    private static final String HASH = "$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG";

    @Test
    void readsAllThatExportersKnow() throws WebConfigException {
        WebConfig config = WebConfigReader.parse(FILE, """
            # comment
            tls_server_config:
              cert_file: server.pem
              key_file: /keys/server.key
              client_ca_file: ../ca.pem
              client_auth_type: RequireAndVerifyClientCert
              client_allowed_sans: [prometheus.example, 10.0.0.1]
              min_version: TLS12
              max_version: TLS13
              cipher_suites:
                - TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
              prefer_server_cipher_suites: false
              curve_preferences: [X25519, CurveP256]
            http_server_config:
              http2: false
              headers:
                Strict-Transport-Security: max-age=31536000
                X-Frame-Options: sameorigin
            basic_auth_users:
              alice: %s
            """.formatted(HASH));

        TlsSettings tls = config.tls().orElseThrow();
        assertThat(config.files())
                .as("relative to the configuration")
                .extracting(Path::toString)
                .containsExactly("/etc/ghostfd/web.yml", "/etc/ghostfd/server.pem", "/keys/server.key", "/etc/ca.pem");
        assertThat(tls.clientAuth()).isEqualTo(ClientAuthType.REQUIRE_AND_VERIFY_CLIENT_CERT);
        assertThat(tls.allowedSans()).containsExactly("prometheus.example", "10.0.0.1");
        assertThat(tls.protocols()).containsExactly("TLSv1.2", "TLSv1.3");
        assertThat(tls.cipherSuites()).containsExactly("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
        assertThat(tls.groups()).containsExactly("x25519", "secp256r1");
        assertThat(tls.serverOrder()).isFalse();
        assertThat(config.headers())
                .isEqualTo(Map.of("Strict-Transport-Security", "max-age=31536000", "X-Frame-Options", "sameorigin"));
        assertThat(config.users()).isEqualTo(Map.of("alice", HASH));
    }

    @Test
    void hasTheDefaultsOfExporters() throws WebConfigException {
        TlsSettings tls = WebConfigReader.parse(FILE, "tls_server_config: {cert_file: c, key_file: k}\n")
                .tls()
                .orElseThrow();

        assertThat(tls.clientAuth()).isEqualTo(ClientAuthType.NO_CLIENT_CERT);
        assertThat(tls.protocols()).containsExactly("TLSv1.2", "TLSv1.3");
        assertThat(tls.serverOrder()).isTrue();
        for (String nothing : List.of("", "# nothing\n", "tls_server_config:\nbasic_auth_users:\n", "{}")) {
            WebConfig config = WebConfigReader.parse(FILE, nothing);
            assertThat(config.tls()).isEmpty();
            assertThat(config.users()).isEmpty();
            assertThat(config.headers()).isEmpty();
        }
    }

    static Stream<Arguments> mistakes() {
        String tls = "tls_server_config:\n  cert_file: c\n  key_file: k\n  ";
        return Stream.of(
                Arguments.of("tls_server_confg: {}", 1, "unknown key 'tls_server_confg'; known here are tls_server_c"),
                Arguments.of(tls + "cert_fil: c", 4, "unknown key 'cert_fil'"),
                Arguments.of("basic_auth_users: {}\nhttp_server_config:\n  http3: true", 3, "unknown key 'http3'"),
                Arguments.of("http_server_config:\n  headers:\n    Server: x", 3, "unknown key 'Server'"),
                Arguments.of("http_server_config:\n  http2: maybe", 2, "expected true or false"),
                Arguments.of("http_server_config:\n  headers:\n    X-Frame-Options: DENY", 3, "use deny or sameorigin"),
                Arguments.of(
                        "http_server_config:\n  headers:\n    Content-Security-Policy: \"a\\r\\nb\"", 3, "one line"),
                Arguments.of("tls_server_config:\n  cert_file: c", 2, "needs key_file"),
                Arguments.of("tls_server_config:\n  key_file: c", 2, "needs cert_file"),
                Arguments.of("tls_server_config: yes", 1, "expected 'key: value'"),
                Arguments.of(tls + "cert_file: d", 4, "'cert_file' stands here twice"),
                Arguments.of(tls + "cert: d", 4, "give cert or cert_file"),
                Arguments.of(tls + "client_auth_type: Always", 4, "unknown client_auth_type 'Always'"),
                Arguments.of(tls + "client_auth_type: RequireAndVerifyClientCert", 4, "needs client_ca_file"),
                Arguments.of(tls + "client_ca_file: ca.pem", 4, "has no effect with client_auth_type NoClientCert"),
                Arguments.of(tls + "client_allowed_sans: [x]", 4, "needs client_auth_type"),
                Arguments.of(tls + "min_version: TLS9", 4, "unknown TLS version 'TLS9'"),
                Arguments.of(tls + "max_version: TLS11", 4, "not spoken any more"),
                Arguments.of(tls + "max_version: TLS12\n  min_version: TLS13", 5, "newer than max_version"),
                Arguments.of(tls + "cipher_suites:\n  - RC4", 5, "unknown cipher suite 'RC4'"),
                Arguments.of(tls + "cipher_suites: TLS_AES_128_GCM_SHA256", 4, "expected a list"),
                Arguments.of(tls + "curve_preferences: [P256]", 4, "unknown curve 'P256'"),
                Arguments.of("basic_auth_users:\n  alice: hunter2", 2, "is not a bcrypt hash"),
                Arguments.of("basic_auth_users:\n  alice: [" + HASH + "]", 2, "expected a single value"),
                Arguments.of("basic_auth_users:\n  'a:b': " + HASH, 2, "cannot contain a colon"),
                Arguments.of("basic_auth_users:\n\talice: x", 2, "not valid YAML"),
                Arguments.of("a: [1,\n", 2, "not valid YAML"),
                Arguments.of("&a [*a]", 1, "expected 'key: value'"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void refusesWhatItDoesNotUnderstandWithTheLine(String text, int line, String message) {
        assertThatThrownBy(() -> WebConfigReader.parse(FILE, text))
                .isInstanceOf(WebConfigException.class)
                .hasMessageStartingWith(FILE + ":" + line + ": ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("hunter2")
                .hasMessageNotContaining("\n");
    }

    @Test
    void saysWhyTheFileCannotBeRead(@TempDir Path folder) {
        assertThatThrownBy(() -> WebConfigReader.read(folder.resolve("none.yml")))
                .hasMessage(
                        "cannot read the web configuration " + folder.resolve("none.yml") + ": there is no such file");
        assertThatThrownBy(() -> WebConfigReader.read(folder)).isInstanceOf(WebConfigException.class);
    }
}
