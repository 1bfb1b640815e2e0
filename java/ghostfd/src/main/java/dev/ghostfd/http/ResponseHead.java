/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Date;
import java.util.Map;

/** Status line and header of an answer, with what browsers need to be told about safety. */
final class ResponseHead {
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private ResponseHead() {}

    @SuppressWarnings("JavaUtilDate") // Netty's formatter takes nothing else.
    static HttpResponse of(Answer answer, Map<String, String> configured) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, answer.status());
        HttpHeaders headers = response.headers();
        headers.set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
        headers.set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length());
        if (answer.body().isGzip()) {
            headers.set(HttpHeaderNames.CONTENT_ENCODING, HttpHeaderValues.GZIP);
        }
        advise(answer.status(), headers);
        headers.set(HttpHeaderNames.DATE, DateFormatter.format(new Date()));
        headers.set(HttpHeaderNames.CACHE_CONTROL, answer.caching().control());
        answer.caching().entityTag().ifPresent(tag -> headers.set(HttpHeaderNames.ETAG, tag));
        headers.set(HttpHeaderNames.VARY, "Accept, Accept-Encoding");
        headers.set(HttpHeaderNames.CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
        headers.set(HttpHeaderNames.X_FRAME_OPTIONS, "deny");
        headers.set("x-content-type-options", "nosniff");
        headers.set("referrer-policy", "no-referrer");
        headers.set("cross-origin-opener-policy", "same-origin");
        headers.set("cross-origin-resource-policy", "same-origin");
        configured.forEach((name, value) -> {
            if (value.isEmpty()) {
                headers.remove(name);
            } else {
                headers.set(name, value);
            }
        });
        return response;
    }

    /** What a client is to do after a refusal. */
    private static void advise(HttpResponseStatus status, HttpHeaders headers) {
        if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
            headers.set(HttpHeaderNames.ALLOW, "GET, HEAD");
        } else if (status.equals(HttpResponseStatus.UNAUTHORIZED)) {
            headers.set(HttpHeaderNames.WWW_AUTHENTICATE, "Basic realm=\"ghostfd\", charset=\"UTF-8\"");
        } else if (status.equals(HttpResponseStatus.TOO_MANY_REQUESTS)) {
            headers.set(HttpHeaderNames.RETRY_AFTER, "1");
        }
    }
}
