/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http.access;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code tls_server_config}. Paths are relative to the folder of the configuration file. */
final class TlsSection {
    private static final String CLIENT_AUTH = "client_auth_type";
    private static final String ALLOWED_SANS = "client_allowed_sans";
    private static final List<String> KEYS = List.of(
            "cert_file",
            "key_file",
            "client_ca_file",
            "cert",
            "key",
            "client_ca",
            CLIENT_AUTH,
            ALLOWED_SANS,
            "min_version",
            "max_version",
            "cipher_suites",
            "prefer_server_cipher_suites",
            "curve_preferences");

    /** Oldest first, with the names that JSSE has for them. */
    private static final List<String> VERSIONS = List.of("TLS10", "TLS11", "TLS12", "TLS13");

    private static final List<String> JSSE_VERSIONS = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");
    private static final Map<String, String> JSSE_GROUPS =
            Map.of("CurveP256", "secp256r1", "CurveP384", "secp384r1", "CurveP521", "secp521r1", "X25519", "x25519");

    private final Map<String, ConfigNode> fields;
    private final ConfigNode section;
    private final Path folder;

    private TlsSection(ConfigNode section, Path file) throws WebConfigException {
        this.section = section;
        this.fields = section.fields(KEYS);
        this.folder = file.toAbsolutePath().getParent();
    }

    static TlsSettings read(ConfigNode section, Path file) throws WebConfigException {
        return new TlsSection(section, file).read();
    }

    private TlsSettings read() throws WebConfigException {
        PemSource certificate = needed("cert", "cert_file");
        PemSource key = needed("key", "key_file");
        ClientAuthType clientAuth = clientAuth();
        return new TlsSettings(
                certificate,
                key,
                clientAuth,
                clientCa(clientAuth),
                allowedSans(clientAuth),
                protocols(),
                cipherSuites(),
                groups(),
                !fields.containsKey("prefer_server_cipher_suites")
                        || fields.get("prefer_server_cipher_suites").flag());
    }

    private PemSource needed(String inlineKey, String fileKey) throws WebConfigException {
        Optional<PemSource> source = pem(inlineKey, fileKey);
        if (source.isEmpty()) {
            throw section.error("tls_server_config needs " + fileKey + " (or " + inlineKey + ")");
        }
        return source.get();
    }

    private Optional<PemSource> pem(String inlineKey, String fileKey) throws WebConfigException {
        ConfigNode inline = fields.get(inlineKey);
        ConfigNode file = fields.get(fileKey);
        if (inline != null && file != null) {
            throw inline.error("give " + inlineKey + " or " + fileKey + ", not both");
        }
        if (file != null) {
            Path path = folder.resolve(file.text()).normalize();
            return Optional.of(new PemSource(fileKey, file.place(), Optional.of(path), ""));
        }
        return inline == null
                ? Optional.empty()
                : Optional.of(new PemSource(inlineKey, inline.place(), Optional.empty(), inline.text()));
    }

    private ClientAuthType clientAuth() throws WebConfigException {
        ConfigNode node = fields.get(CLIENT_AUTH);
        if (node == null) {
            return ClientAuthType.NO_CLIENT_CERT;
        }
        Optional<ClientAuthType> type = ClientAuthType.of(node.text());
        if (type.isEmpty()) {
            throw node.error("unknown client_auth_type '" + node.text() + "'; known are " + ClientAuthType.labels());
        }
        return type.get();
    }

    private Optional<PemSource> clientCa(ClientAuthType clientAuth) throws WebConfigException {
        Optional<PemSource> authorities = pem("client_ca", "client_ca_file");
        if (clientAuth.verifies() && authorities.isEmpty()) {
            throw fields.get(CLIENT_AUTH)
                    .error(clientAuth.label() + " needs client_ca_file: whose certificates are to be trusted");
        }
        if (authorities.isPresent() && !clientAuth.verifies()) {
            throw authorities
                    .get()
                    .place()
                    .error(authorities.get().key() + " has no effect with client_auth_type " + clientAuth.label()
                            + "; use " + ClientAuthType.REQUIRE_AND_VERIFY_CLIENT_CERT.label());
        }
        return authorities;
    }

    private List<String> allowedSans(ClientAuthType clientAuth) throws WebConfigException {
        List<String> sans = new ArrayList<>();
        for (ConfigNode item : items(ALLOWED_SANS)) {
            sans.add(item.text());
        }
        if (!sans.isEmpty() && !clientAuth.isRequired()) {
            throw fields.get(ALLOWED_SANS)
                    .error("client_allowed_sans needs client_auth_type "
                            + ClientAuthType.REQUIRE_AND_VERIFY_CLIENT_CERT.label());
        }
        return sans;
    }

    private List<String> protocols() throws WebConfigException {
        int oldest = version("min_version", VERSIONS.indexOf("TLS12"));
        int newest = version("max_version", VERSIONS.indexOf("TLS13"));
        if (newest < VERSIONS.indexOf("TLS12")) {
            throw fields.get("max_version").error("versions before TLS12 are not spoken any more");
        }
        if (oldest > newest) {
            throw fields.get("min_version").error("min_version is newer than max_version");
        }
        /* The JVM refuses what is older than TLS 1.2 (jdk.tls.disabledAlgorithms); min_version may name it all the same. */
        return JSSE_VERSIONS.subList(Math.max(oldest, VERSIONS.indexOf("TLS12")), newest + 1);
    }

    private int version(String key, int otherwise) throws WebConfigException {
        ConfigNode node = fields.get(key);
        if (node == null) {
            return otherwise;
        }
        int version = VERSIONS.indexOf(node.text());
        if (version < 0) {
            throw node.error("unknown TLS version '" + node.text() + "'; known are " + String.join(", ", VERSIONS));
        }
        return version;
    }

    private List<String> cipherSuites() throws WebConfigException {
        List<String> supported = Arrays.asList(TlsServer.supportedCipherSuites());
        List<String> suites = new ArrayList<>();
        for (ConfigNode item : items("cipher_suites")) {
            if (!supported.contains(item.text())) {
                throw item.error("unknown cipher suite '" + item.text()
                        + "'; use a name such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
            }
            suites.add(item.text());
        }
        return suites;
    }

    private List<String> groups() throws WebConfigException {
        List<String> groups = new ArrayList<>();
        for (ConfigNode item : items("curve_preferences")) {
            String group = JSSE_GROUPS.get(item.text());
            if (group == null) {
                throw item.error("unknown curve '" + item.text() + "'; known are "
                        + String.join(
                                ", ", JSSE_GROUPS.keySet().stream().sorted().toList()));
            }
            groups.add(group);
        }
        return groups;
    }

    private List<ConfigNode> items(String key) throws WebConfigException {
        return fields.containsKey(key) ? fields.get(key).items() : List.of();
    }
}
