/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerIdentityTest {
    @TempDir
    private Path folder;

    private TestAuthority authority;

    @BeforeEach
    void makeAuthority() {
        authority = new TestAuthority(folder);
    }

    private PemSource source(String key, String name) {
        return new PemSource(key, new Place(Path.of("web.yml"), 3), Optional.of(folder.resolve(name)), "");
    }

    private ServerIdentity read(String certificate, String key) throws WebConfigException {
        return ServerIdentity.read(source("cert_file", certificate), source("key_file", key));
    }

    @ParameterizedTest
    @CsvSource({
        "genrsa -traditional -out key 2048, BEGIN RSA PRIVATE KEY",
        "genrsa -out key 2048, BEGIN PRIVATE KEY",
        "ecparam -name prime256v1 -genkey -out key, BEGIN EC PRIVATE KEY",
        "ecparam -name secp384r1 -genkey -out key, BEGIN EC PRIVATE KEY",
        "ecparam -name secp521r1 -genkey -noout -out key, BEGIN EC PRIVATE KEY",
        "genpkey -algorithm ed25519 -out key, BEGIN PRIVATE KEY",
    })
    void readsEveryFormThatOpensslWrites(String generate, String marker) throws IOException {
        authority.openssl(generate.split(" "));
        authority.openssl("req", "-x509", "-key", "key", "-out", "cert", "-subj", "/CN=x");

        ServerIdentity identity = read("cert", "key");

        assertThat(Files.readString(folder.resolve("key"))).contains(marker);
        assertThat(identity.chain()).hasSize(1);
        assertThat(identity.objection(Instant.now().plusSeconds(60))).isEmpty();
    }

    @Test
    void noticesAKeyThatBelongsToAnotherCertificate() throws IOException {
        authority.issue("a", 1, TestAuthority.LOCAL);
        authority.issue("b", 1, TestAuthority.LOCAL);
        authority.openssl("genrsa", "-out", "rsa.key", "2048");

        assertThat(read("a.pem", "a.key").chain()).hasSize(1);
        for (String other : new String[] {"b.key", "rsa.key"}) {
            assertThatThrownBy(() -> read("a.pem", other))
                    .hasMessage("web.yml:3: key_file " + folder.resolve(other)
                            + ": this key does not belong to the certificate");
        }
    }

    @Test
    void saysWhatIsWrongWithAFile() throws IOException {
        authority.issue("a", 1, TestAuthority.LOCAL);
        authority.openssl("rsa", "-aes128", "-passout", "pass:secret", "-in", rsa(), "-out", "encrypted.key");
        authority.openssl("rsa", "-aes128", "-traditional", "-passout", "pass:secret", "-in", rsa(), "-out", "old.key");
        Files.writeString(folder.resolve("empty"), "");
        Files.writeString(
                folder.resolve("damaged.key"), "-----BEGIN EC PRIVATE KEY-----\nMAMC\n-----END EC PRIVATE KEY-----\n");
        Files.writeString(
                folder.resolve("damaged.pem"), "-----BEGIN CERTIFICATE-----\nMAMC\n-----END CERTIFICATE-----\n");
        Files.write(folder.resolve("der"), new byte[] {48, (byte) 0x82, 1, 2});

        assertRefused("none.pem", "a.key", "cannot read cert_file " + folder.resolve("none.pem") + ": there is no");
        assertRefused("empty", "a.key", "no certificate in it");
        assertRefused("damaged.pem", "a.key", "not a certificate in PEM, or damaged");
        assertRefused("der", "a.key", "PEM is needed, not DER");
        assertRefused("a.pem", "a.pem", "no private key in it");
        assertRefused("a.pem", "encrypted.key", "the key is encrypted");
        assertRefused("a.pem", "old.key", "the key is encrypted");
        assertRefused("a.pem", "damaged.key", "the private key is damaged");
    }

    private String rsa() {
        authority.openssl("genrsa", "-out", "rsa.key", "2048");
        return "rsa.key";
    }

    private void assertRefused(String certificate, String key, String message) {
        assertThatThrownBy(() -> read(certificate, key))
                .isInstanceOf(WebConfigException.class)
                .hasMessageStartingWith("web.yml:3: ")
                .hasMessageContaining(message);
    }

    @Test
    void knowsWhetherItsTimeHasPassed() throws IOException {
        authority.issue("old", -1, TestAuthority.LOCAL);
        authority.issue("young", 3, TestAuthority.LOCAL);

        assertThat(read("old.pem", "old.key").objection(Instant.now()))
                .hasValueSatisfying(why -> assertThat(why).startsWith("the certificate expired at "));
        assertThat(read("young.pem", "young.key").objection(Instant.now().minus(Duration.ofDays(1))))
                .hasValueSatisfying(why -> assertThat(why).startsWith("the certificate is not valid before "));
    }
}
