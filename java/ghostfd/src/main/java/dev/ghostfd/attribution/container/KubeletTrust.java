/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.container;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Which certificates of a kubelet are accepted. */
final class KubeletTrust {
    private KubeletTrust() {}

    /**
     * A TLS context.
     *
     * @param authorities certificates in PEM; none for those of the JDK
     * @param verify false to accept whatever is presented
     */
    static SSLContext context(InputStream authorities, boolean verify) throws GeneralSecurityException, IOException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, verify ? signedBy(authorities) : new TrustManager[] {new Anyone()}, null);
        return context;
    }

    private static TrustManager[] signedBy(InputStream pem) throws GeneralSecurityException, IOException {
        Collection<? extends Certificate> authorities =
                CertificateFactory.getInstance("X.509").generateCertificates(pem);
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        if (authorities.isEmpty()) {
            factory.init((KeyStore) null);
            return factory.getTrustManagers();
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (Certificate authority : authorities) {
            store.setCertificateEntry("authority-" + store.size(), authority);
        }
        factory.init(store);
        return factory.getTrustManagers();
    }

    /** Of the extended kind: any other is wrapped by the JDK into one that compares the host's name. */
    private static final class Anyone extends X509ExtendedTrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authentication, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authentication, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authentication) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authentication, Socket socket)
                throws CertificateException {
            throw new CertificateException("this end is no server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authentication, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("this end is no server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authentication) throws CertificateException {
            throw new CertificateException("this end is no server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
