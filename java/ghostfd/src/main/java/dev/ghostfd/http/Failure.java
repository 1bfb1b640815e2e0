/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client is told when a request cannot be answered. */
final class Failure {
    private static final Logger LOG = LoggerFactory.getLogger(Failure.class);

    private Failure() {}

    /** For whatever went wrong while an answer was made. What is not foreseen is logged and not shown. */
    static Answer of(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return switch (cause) {
            case HttpError error -> Answer.error(error.status(), error.getMessage());
            case RejectedExecutionException busy ->
                Answer.error(HttpResponseStatus.SERVICE_UNAVAILABLE, "too many requests at once; try again");
            case TimeoutException late ->
                Answer.error(HttpResponseStatus.SERVICE_UNAVAILABLE, "the tracer did not answer in time; try again");
            default -> {
                LOG.error("request failed", cause);
                yield Answer.error(HttpResponseStatus.INTERNAL_SERVER_ERROR, "internal error; see ghostfd's log");
            }
        };
    }

    /** For bytes that are no request within the limits. */
    static Answer of(DecoderResult result) {
        return switch (result.cause()) {
            case TooLongHttpLineException line ->
                Answer.error(
                        HttpResponseStatus.REQUEST_URI_TOO_LONG,
                        "the request line is longer than " + Limits.INITIAL_LINE_BYTES + " bytes");
            case TooLongHttpHeaderException header ->
                Answer.error(
                        HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                        "the header is larger than " + Limits.HEADER_BYTES + " bytes");
            case null, default -> Answer.error(HttpResponseStatus.BAD_REQUEST, "this is not a valid HTTP/1.1 request");
        };
    }
}
