/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http.access;

import java.util.List;
import java.util.Optional;

/**
 * {@code tls_server_config}, checked as far as that goes without reading other files.
 *
 * @param clientCa authorities for client certificates; there if and only if {@code clientAuth} verifies
 * @param allowedSans of which a client certificate must have one; empty for no such demand
 * @param protocols as JSSE names them, oldest first
 * @param cipherSuites as JSSE names them, best first; empty for the JVM's own choice
 * @param groups as JSSE names them, best first; empty for the JVM's own choice
 * @param serverOrder whether the server's order of cipher suites counts, not the client's
 */
record TlsSettings(
        PemSource certificate,
        PemSource key,
        ClientAuthType clientAuth,
        Optional<PemSource> clientCa,
        List<String> allowedSans,
        List<String> protocols,
        List<String> cipherSuites,
        List<String> groups,
        boolean serverOrder) {}
