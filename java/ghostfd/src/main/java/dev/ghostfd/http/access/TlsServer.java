/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http.access;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** TLS as the settings ask for it, with the certificates as they were when it was made. Immutable, thread-safe. */
final class TlsServer {
    static {
        /* Each renegotiation makes the server sign again; a client must not ask for that at will. Read once by JSSE. */
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    private static final String TLS_1_3 = "TLSv1.3";
    private static final List<String> SUITES_OF_1_3 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    private final TlsSettings settings;
    private final ServerIdentity identity;
    private final SslContext context;

    /** Reads certificates and key. */
    TlsServer(TlsSettings settings) throws WebConfigException {
        this.settings = settings;
        identity = ServerIdentity.read(settings.certificate(), settings.key());
        SslContextBuilder builder = SslContextBuilder.forServer(
                        identity.key(), identity.chain().toArray(X509Certificate[]::new))
                .sslProvider(SslProvider.JDK)
                .protocols(settings.protocols())
                .clientAuth(settings.clientAuth().demand())
                .trustManager(ClientTrust.of(settings));
        if (!settings.cipherSuites().isEmpty()) {
            builder.ciphers(suites(settings), IdentityCipherSuiteFilter.INSTANCE);
        }
        try {
            context = builder.build();
        } catch (SSLException | IllegalArgumentException refused) {
            throw settings.certificate().error("cannot be used for TLS: " + refused.getMessage());
        }
    }

    /** The list is about versions up to 1.2; the suites of 1.3 are all good and always on, as in Go. */
    private static List<String> suites(TlsSettings settings) {
        List<String> suites = new ArrayList<>(settings.cipherSuites());
        if (settings.protocols().contains(TLS_1_3)) {
            SUITES_OF_1_3.stream().filter(suite -> !suites.contains(suite)).forEach(suites::add);
        }
        return suites;
    }

    static String[] supportedCipherSuites() {
        try {
            return SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites();
        } catch (GeneralSecurityException withoutTls) {
            throw new IllegalStateException(withoutTls);
        }
    }

    ServerIdentity identity() {
        return identity;
    }

    /** @param computing where keys are agreed on and signatures made, which takes milliseconds */
    SslHandler handler(ByteBufAllocator allocator, Executor computing) {
        SslHandler handler = context.newHandler(allocator, computing);
        SSLParameters parameters = handler.engine().getSSLParameters();
        parameters.setUseCipherSuitesOrder(settings.serverOrder());
        if (!settings.groups().isEmpty()) {
            parameters.setNamedGroups(settings.groups().toArray(String[]::new));
        }
        handler.engine().setSSLParameters(parameters);
        return handler;
    }
}
