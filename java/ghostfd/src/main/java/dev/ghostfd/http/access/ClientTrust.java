/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http.access;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Which client certificates are good enough. This side is never a client: it trusts no server. */
final class ClientTrust extends X509ExtendedTrustManager {
    /** The kinds of subject alternative names (RFC 5280, 4.2.1.6) that can be allowed by their text. */
    private static final int EMAIL = 1;

    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int IP = 7;

    /** Empty where any certificate will do, if only its key is the client's. */
    private final Optional<X509ExtendedTrustManager> authorities;

    private final List<String> allowedSans;

    private ClientTrust(Optional<X509ExtendedTrustManager> authorities, List<String> allowedSans) {
        this.authorities = authorities;
        this.allowedSans = allowedSans.stream().map(ClientTrust::canonical).toList();
    }

    static ClientTrust of(TlsSettings settings) throws WebConfigException {
        Optional<X509ExtendedTrustManager> authorities = Optional.empty();
        if (settings.clientCa().isPresent()) {
            authorities = Optional.of(signedBy(settings.clientCa().get()));
        }
        return new ClientTrust(authorities, settings.allowedSans());
    }

    private static X509ExtendedTrustManager signedBy(PemSource source) throws WebConfigException {
        List<X509Certificate> trusted = ServerIdentity.certificates(source);
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < trusted.size(); i++) {
                store.setCertificateEntry(Integer.toString(i), trusted.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException | IOException refused) {
            throw source.error("cannot be used to verify clients: " + refused.getMessage());
        }
    }

    /** An IPv6 address has many spellings. */
    private static String canonical(String name) {
        if (!name.matches("[0-9.]+|[0-9a-fA-F.]*:[0-9a-fA-F:.]+")) {
            return name;
        }
        try {
            return InetAddress.getByName(name).getHostAddress();
        } catch (UnknownHostException notAnAddress) {
            return name;
        }
    }

    private void checkName(X509Certificate own) throws CertificateException {
        if (!allowedSans.isEmpty() && names(own).stream().noneMatch(allowedSans::contains)) {
            throw new CertificateException("none of the client's names is in client_allowed_sans");
        }
    }

    private static List<String> names(X509Certificate own) throws CertificateException {
        List<String> names = new ArrayList<>();
        if (own.getSubjectAlternativeNames() == null) {
            return names;
        }
        for (List<?> name : own.getSubjectAlternativeNames()) {
            switch ((Integer) name.getFirst()) {
                case EMAIL, DNS, URI -> names.add((String) name.get(1));
                case IP -> names.add(canonical((String) name.get(1)));
                default -> {
                    /* Not known by a text. */
                }
            }
        }
        return names;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        if (authorities.isPresent()) {
            authorities.get().checkClientTrusted(chain, authType, engine);
        }
        checkName(chain[0]);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.map(X509ExtendedTrustManager::getAcceptedIssuers).orElseGet(() -> new X509Certificate[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("only connections through an engine are known here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("this is a server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }
}
