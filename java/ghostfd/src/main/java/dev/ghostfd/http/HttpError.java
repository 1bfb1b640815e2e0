/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import io.netty.handler.codec.http.HttpResponseStatus;

/** An answer other than the one asked for; the message is for the client. */
final class HttpError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    HttpError(HttpResponseStatus status, String message) {
        super(message, null, false, false);
        this.status = status.code();
    }

    static HttpError badParameter(String name, String problem) {
        return new HttpError(HttpResponseStatus.BAD_REQUEST, "parameter '" + name + "': " + problem);
    }

    static HttpError unavailable(String message) {
        return new HttpError(HttpResponseStatus.SERVICE_UNAVAILABLE, message);
    }

    HttpResponseStatus status() {
        return HttpResponseStatus.valueOf(status);
    }
}
