/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.ghostfd.http.access.Access;
import dev.ghostfd.http.access.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A web configuration that changes while the server runs. */
class ReloadTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String TLS = """
            tls_server_config:
              cert_file: server.pem
              key_file: server.key
            """;

    @TempDir
    private Path folder;

    private TestAuthority authority;
    private Access access;
    private TestServer server;

    @BeforeEach
    void serve() throws IOException {
        authority = new TestAuthority(folder);
        authority.issue("server", 1, TestAuthority.LOCAL);
        authority.issue("first", 1, TestAuthority.LOCAL + ",DNS:first");
        authority.issue("second", 1, TestAuthority.LOCAL + ",DNS:second");
        replace("first.pem", "server.pem");
        replace("first.key", "server.key");
        access = Access.configured(write(TLS + users("alice", "old")));
        server = new TestServer(access, authority.client(Optional.empty()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String users(String name, String password) {
        return "basic_auth_users:\n  " + name + ": "
                + BCrypt.withDefaults().hashToString(BCrypt.MIN_COST, password.toCharArray()) + "\n";
    }

    private Path write(String text) throws IOException {
        Path next = Files.writeString(folder.resolve("web.yml.new"), text);
        return Files.move(next, folder.resolve("web.yml"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void replace(String source, String target) {
        try {
            Files.copy(folder.resolve(source), folder.resolve("new"), StandardCopyOption.REPLACE_EXISTING);
            Files.move(folder.resolve("new"), folder.resolve(target), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpRequest asking(String credentials) {
        return server.request("/healthz")
                .timeout(Duration.ofSeconds(10))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
                .build();
    }

    private int status(String credentials) {
        return server.send(asking(credentials)).statusCode();
    }

    /** The name by which a new connection knows the server. */
    private String servedName() {
        try (HttpClient fresh = TestServer.client(Optional.of(authority.client(Optional.empty())))) {
            HttpResponse<String> response = fresh.send(asking("alice:old"), HttpResponse.BodyHandlers.ofString());
            X509Certificate shown =
                    (X509Certificate) response.sslSession().orElseThrow().getPeerCertificates()[0];
            return shown.getSubjectX500Principal().getName();
        } catch (SSLPeerUnverifiedException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void showsARenewedCertificateWithoutAFailedRequest() throws InterruptedException {
        AtomicBoolean renewed = new AtomicBoolean();
        AtomicInteger answers = new AtomicInteger();
        AtomicInteger others = new AtomicInteger();
        Thread scraper = Thread.startVirtualThread(() -> {
            while (!renewed.get()) {
                (status("alice:old") == 200 ? answers : others).incrementAndGet();
            }
        });
        assertThat(servedName()).isEqualTo("CN=first");

        replace("second.pem", "server.pem");
        await().pollDelay(Duration.ofMillis(1500)).until(() -> true);
        assertThat(servedName()).as("no pair with the old key: kept").isEqualTo("CN=first");
        replace("second.key", "server.key");
        await().atMost(SOON).until(() -> servedName().equals("CN=second"));
        renewed.set(true);
        scraper.join();

        assertThat(others).hasValue(0);
        assertThat(answers.get()).isPositive();
    }

    @Test
    void takesPasswordsAway() throws IOException {
        assertThat(status("alice:old")).isEqualTo(200);

        write(TLS + users("alice", "new"));

        await().atMost(SOON).until(() -> status("alice:old") == 401);
        assertThat(status("alice:new")).isEqualTo(200);
    }

    @Test
    void closesConnectionsThatWereAcceptedUnderOlderRules() throws IOException {
        assertThat(server.send(asking("alice:old")).headers().firstValue("connection"))
                .isEmpty();

        write(TLS + "  client_ca_file: ca.pem\n  client_auth_type: RequireAndVerifyClientCert\n"
                + users("alice", "old"));
        await().atMost(SOON).until(() -> access.generation() == 1);

        assertThat(server.send(asking("alice:old")).headers().firstValue("connection"))
                .hasValue("close");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> server.send(asking("alice:old"))))
                .as("a new connection needs a certificate")
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void goesOnWithWhatItHasWhenTheFileIsWrongOrOpensADoor() throws IOException {
        for (String wrong : new String[] {"", TLS, users("alice", "old"), TLS + "basic_auth_usrs: {}", "a: [", "- x"}) {
            write(wrong);
            await().pollDelay(Duration.ofMillis(1300)).until(() -> true);

            assertThat(access.generation()).as(wrong).isZero();
            assertThat(status("alice:old")).isEqualTo(200);
            assertThat(status("alice:new")).isEqualTo(401);
        }
        Files.delete(folder.resolve("web.yml"));
        write(TLS + users("bob", "x"));

        await().atMost(SOON).until(() -> status("bob:x") == 200);
        assertThat(access.describe()).isEqualTo("TLS, passwords for 1 user");
    }
}
