/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import java.util.Optional;

/**
 * What clients and proxies may keep of an answer.
 *
 * @param control the value of Cache-Control
 * @param entityTag names these very bytes, with its quotes; empty where nobody is to ask for them again by it
 */
record Caching(String control, Optional<String> entityTag) {
    /** For what changes all the time. */
    static final Caching NONE = new Caching("no-store", Optional.empty());

    /** May be kept, but has to be asked for every time. */
    static Caching revalidated(String entityTag) {
        return new Caching("no-cache", Optional.of(entityTag));
    }

    /** Never changes under its address. Private, since what one user may see need not be for all. */
    static Caching immutable(String entityTag) {
        return new Caching("private, max-age=31536000, immutable", Optional.of(entityTag));
    }
}
