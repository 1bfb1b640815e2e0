/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ghostfd.e2e.Workbench.Outcome;
import dev.ghostfd.http.access.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The daemon behind a web configuration. */
@ExtendWith(GhostfdProcess.LogsOnFailure.class)
class SecureDaemonIT {
    private static final String MUTUAL_TLS = """
            tls_server_config:
              cert_file: server.pem
              key_file: server.key
              client_ca_file: ca.pem
              client_auth_type: RequireAndVerifyClientCert
            """;
    /** "letmein". */
    private static final String PASSWORDS = """
            basic_auth_users:
              prometheus: $2b$04$abcdefghijklmnopqrstuuPT0cs.zGMMB9aUG3xKmxLeI//6s0m5C
            """;

    @TempDir
    private Path folder;

    private ScopeRoot observed;

    @BeforeEach
    void startSomethingToObserve() {
        observed = ScopeRoot.running("sleep", "100");
    }

    @AfterEach
    void stopIt() {
        observed.close();
    }

    private String webConfig(String text) throws IOException {
        return "--web.config.file=" + Files.writeString(folder.resolve("web.yml"), text);
    }

    @Test
    void servesThoseWhoShowACertificateAndAPasswordAndGoesOnWhenTheFileIsSpoilt() throws IOException {
        Workbench.need("openssl");
        TestAuthority authority = new TestAuthority(folder);
        authority.issue("server", 1, TestAuthority.LOCAL);
        authority.issue("prometheus", 1, "DNS:prometheus.example");
        var client = authority.client(Optional.of("prometheus"));
        try (GhostfdProcess daemon = GhostfdProcess.startedBy(
                List.of(),
                port -> Api.secured(port, client, "prometheus:letmein"),
                observed.scope(),
                webConfig(MUTUAL_TLS + PASSWORDS))) {
            assertThat(daemon.stderr())
                    .contains("TLS, client_auth_type RequireAndVerifyClientCert, passwords for 1 user");
            assertThat(daemon.api().get("/metrics").body()).contains("ghostfd_state_complete 1.0");

            webConfig(MUTUAL_TLS + PASSWORDS + "rate: 5\n");

            await().atMost(Duration.ofSeconds(10))
                    .until(() -> daemon.stderr().contains("web.yml:8: unknown key 'rate'"));
            assertThat(daemon.api().get("/healthz").statusCode()).isEqualTo(200);
            assertThat(daemon.stderr().lines().filter(line -> line.contains("web.yml:8")))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'tls_server_config: {cert: x}', web.yml:1: tls_server_config needs key_file",
        "'basic_auth_users: {a: b}', web.yml:1: the password of 'a' is not a bcrypt hash",
        "'tls_server_confg: {}', web.yml:1: unknown key 'tls_server_confg'",
        "'tls_server_config: {cert_file: none.pem, key_file: none.key}', none.pem: there is no such file",
    })
    void saysInOneLineWhatIsWrongWithTheFile(String config, String message) throws IOException {
        Outcome outcome = Outcome.of(Workbench.ghostfd(
                "daemon",
                observed.scope(),
                "--web.listen-address=127.0.0.1:" + GhostfdProcess.freePort(),
                webConfig(config)));

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().strip().lines())
                .singleElement()
                .asString()
                .startsWith("ghostfd daemon: ")
                .contains(message);
    }
}
