/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http.access;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * With what the server shows who it is.
 *
 * @param chain its own certificate first
 */
record ServerIdentity(List<X509Certificate> chain, PrivateKey key) {
    private static final byte[] PROBE = "ghostfd".getBytes(StandardCharsets.US_ASCII);

    static ServerIdentity read(PemSource certificate, PemSource key) throws WebConfigException {
        List<X509Certificate> chain = certificates(certificate);
        PrivateKey privateKey = PrivateKeys.read(key);
        if (!belongTogether(privateKey, chain.getFirst().getPublicKey())) {
            throw key.error("this key does not belong to the certificate");
        }
        return new ServerIdentity(chain, privateKey);
    }

    /** One or more certificates in PEM. */
    static List<X509Certificate> certificates(PemSource source) throws WebConfigException {
        byte[] pem = source.read().getBytes(StandardCharsets.US_ASCII);
        List<X509Certificate> certificates;
        try {
            certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
        } catch (CertificateException damaged) {
            throw source.error("not a certificate in PEM, or damaged");
        }
        if (certificates.isEmpty()) {
            throw source.error("no certificate in it; a line '-----BEGIN CERTIFICATE-----' is needed");
        }
        return certificates;
    }

    /** Only the use shows it: keys do not tell their other half in the same way for all algorithms. */
    private static boolean belongTogether(PrivateKey key, PublicKey certified) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "EdDSA";
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException unlike) {
            return false;
        }
    }

    /** What clients are going to object to, if anything. */
    Optional<String> objection(Instant now) {
        X509Certificate own = chain.getFirst();
        if (now.isAfter(own.getNotAfter().toInstant())) {
            return Optional.of("the certificate expired at " + own.getNotAfter().toInstant());
        }
        if (now.isBefore(own.getNotBefore().toInstant())) {
            return Optional.of(
                    "the certificate is not valid before " + own.getNotBefore().toInstant());
        }
        return Optional.empty();
    }
}
