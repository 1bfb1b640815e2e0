/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http.access;

import io.netty.handler.ssl.ClientAuth;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is asked of a client's certificate, in the words of Go's crypto/tls; the later, the stricter. */
enum ClientAuthType {
    NO_CLIENT_CERT("NoClientCert", ClientAuth.NONE, false),
    REQUEST_CLIENT_CERT("RequestClientCert", ClientAuth.OPTIONAL, false),
    REQUIRE_ANY_CLIENT_CERT("RequireAnyClientCert", ClientAuth.REQUIRE, false),
    VERIFY_CLIENT_CERT_IF_GIVEN("VerifyClientCertIfGiven", ClientAuth.OPTIONAL, true),
    REQUIRE_AND_VERIFY_CLIENT_CERT("RequireAndVerifyClientCert", ClientAuth.REQUIRE, true);

    /** An older name that exporter-toolkit still takes. */
    private static final String REQUIRE_CLIENT_CERT = "RequireClientCert";

    private final String label;
    private final ClientAuth demand;
    private final boolean verifies;

    ClientAuthType(String label, ClientAuth demand, boolean verifies) {
        this.label = label;
        this.demand = demand;
        this.verifies = verifies;
    }

    static Optional<ClientAuthType> of(String label) {
        if (label.equals(REQUIRE_CLIENT_CERT)) {
            return Optional.of(REQUIRE_ANY_CLIENT_CERT);
        }
        return Arrays.stream(values()).filter(type -> type.label.equals(label)).findFirst();
    }

    static String labels() {
        return Arrays.stream(values()).map(type -> type.label).collect(Collectors.joining(", "));
    }

    String label() {
        return label;
    }

    ClientAuth demand() {
        return demand;
    }

    boolean isRequired() {
        return demand == ClientAuth.REQUIRE;
    }

    /** Whether a certificate has to be signed by a known authority. */
    boolean verifies() {
        return verifies;
    }
}
