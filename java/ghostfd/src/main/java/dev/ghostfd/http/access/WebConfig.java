/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http.access;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a web configuration file says.
 *
 * @param headers to be set in every answer, by name; an empty value takes one of ghostfd's own away
 * @param users bcrypt hashes by user name; empty when no password is asked for
 */
record WebConfig(Path file, Optional<TlsSettings> tls, Map<String, String> headers, Map<String, String> users) {
    WebConfig {
        headers = Map.copyOf(headers);
        users = Map.copyOf(users);
    }

    /** Every file that the configuration depends on, its own first. */
    List<Path> files() {
        List<Path> files = new ArrayList<>(List.of(file));
        tls.ifPresent(settings -> {
            settings.certificate().file().ifPresent(files::add);
            settings.key().file().ifPresent(files::add);
            settings.clientCa().flatMap(PemSource::file).ifPresent(files::add);
        });
        return files;
    }

    ClientAuthType clientAuth() {
        return tls.map(TlsSettings::clientAuth).orElse(ClientAuthType.NO_CLIENT_CERT);
    }
}
