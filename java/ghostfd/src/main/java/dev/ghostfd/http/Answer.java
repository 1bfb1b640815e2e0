/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A complete answer. Whoever sends it calls {@link #release} exactly once.
 *
 * @param shared whether other requests get the same body, so that its memory is not this answer's to give back
 * @param caching whether clients may keep it
 */
record Answer(HttpResponseStatus status, String contentType, Body body, boolean shared, Caching caching) {
    static final String JSON = "application/json; charset=utf-8";
    static final String TEXT = "text/plain; charset=utf-8";
    static final String HTML = "text/html; charset=utf-8";

    /** One that no client may keep. */
    Answer(HttpResponseStatus status, String contentType, Body body, boolean shared) {
        this(status, contentType, body, shared, Caching.NONE);
    }

    static Answer ok(String contentType, Body body) {
        return new Answer(HttpResponseStatus.OK, contentType, body, false);
    }

    static Answer text(HttpResponseStatus status, String text) {
        return new Answer(status, TEXT, Body.text(text + "\n"), false);
    }

    /** {@code {"error":{"status":…,"message":…}}} */
    static Answer error(HttpResponseStatus status, String message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonWriter json = JsonWriter.to(out)) {
            json.object(() -> json.object("error", () -> {
                json.number("status", status.code());
                json.text("message", message);
            }));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Answer(status, JSON, Body.text(out.toString(StandardCharsets.UTF_8)), false);
    }

    /** Whether only the header is sent: the client has the body already. */
    boolean isBodiless() {
        return status.equals(HttpResponseStatus.NOT_MODIFIED);
    }

    void release() {
        if (!shared) {
            body.release();
        }
    }
}
