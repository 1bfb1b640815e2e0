/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http.access;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority made with openssl for one test, and the clients that trust it. */
public final class TestAuthority {
    /** Names under which the tests reach their servers. */
    public static final String LOCAL = "DNS:localhost,IP:127.0.0.1";

    private static final char[] PASSWORD = "test".toCharArray();
    private static final List<String> NEW_KEY =
            List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes");

    private final Path folder;

    /** The authority's own certificate is {@code ca.pem} in the folder. */
    public TestAuthority(Path folder) {
        this.folder = folder;
        List<String> command = new ArrayList<>(List.of("req", "-x509", "-out", "ca.pem", "-keyout", "ca.key"));
        command.addAll(List.of("-days", "2", "-subj", "/CN=test authority"));
        command.addAll(List.of("-addext", "basicConstraints=critical,CA:TRUE"));
        command.addAll(NEW_KEY);
        openssl(command);
    }

    /** Writes {@code NAME.pem} and {@code NAME.key}; with less than 0 days the certificate has expired. */
    public void issue(String name, int days, String alternativeNames) {
        List<String> request = new ArrayList<>(List.of("req", "-out", name + ".csr", "-keyout", name + ".key"));
        request.addAll(List.of("-subj", "/CN=" + name, "-addext", "subjectAltName=" + alternativeNames));
        request.addAll(NEW_KEY);
        openssl(request);
        openssl(List.of(
                "x509",
                "-req",
                "-in",
                name + ".csr",
                "-out",
                name + ".pem",
                "-days",
                Integer.toString(days),
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-copy_extensions",
                "copy"));
    }

    public Path path(String name) {
        return folder.resolve(name);
    }

    /** Runs openssl in the folder. */
    public void openssl(String... arguments) {
        openssl(Arrays.asList(arguments));
    }

    private void openssl(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(arguments);
        try {
            Path log = folder.resolve("openssl.log");
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError(command + ": " + Files.readString(log));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** For a client that trusts this authority and shows the named certificate, if any. */
    public SSLContext client(Optional<String> name) {
        try {
            KeyStore trusted = emptyStore();
            trusted.setCertificateEntry("ca", certificate("ca.pem"));
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            KeyStore own = emptyStore();
            if (name.isPresent()) {
                PemSource key = new PemSource(
                        "key", new Place(folder, 1), Optional.of(folder.resolve(name.get() + ".key")), "");
                own.setKeyEntry(
                        "own", PrivateKeys.read(key), PASSWORD, new Certificate[] {certificate(name.get() + ".pem")});
            }
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(own, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private Certificate certificate(String name) throws GeneralSecurityException, IOException {
        try (InputStream pem = Files.newInputStream(folder.resolve(name))) {
            return CertificateFactory.getInstance("X.509").generateCertificate(pem);
        }
    }
}
