/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What of a GET or HEAD the endpoints need.
 *
 * @param path decoded, without the query
 * @param parameters decoded, in the order given
 * @param accept the Accept header, empty if none
 * @param gzip whether the client takes gzip
 * @param ifNoneMatch the entity tags that the client has, empty if none
 */
record Request(
        String path, Map<String, List<String>> parameters, String accept, boolean gzip, List<String> ifNoneMatch) {
    private static final int MAX_PARAMETERS = 64;

    static Request of(HttpRequest http) {
        try {
            QueryStringDecoder decoder = QueryStringDecoder.builder()
                    .maxParams(MAX_PARAMETERS)
                    .semicolonIsNormalChar(true)
                    .build(originForm(http.uri()));
            HttpHeaders headers = http.headers();
            return new Request(
                    decoder.path(),
                    decoder.parameters(),
                    String.join(",", headers.getAll(HttpHeaderNames.ACCEPT)),
                    acceptsGzip(String.join(",", headers.getAll(HttpHeaderNames.ACCEPT_ENCODING))),
                    entityTags(headers.getAll(HttpHeaderNames.IF_NONE_MATCH)));
        } catch (IllegalArgumentException e) {
            throw new HttpError(HttpResponseStatus.BAD_REQUEST, "the request target is not validly encoded");
        }
    }

    /** RFC 9112 section 3.2.2: a server accepts the absolute form too. */
    private static String originForm(String target) {
        int authority = target.startsWith("/") ? -1 : target.indexOf("://");
        if (authority < 0) {
            return target;
        }
        int path = target.indexOf('/', authority + "://".length());
        return path < 0 ? "/" : target.substring(path);
    }

    /** Weak and strong alike: to If-None-Match they are the same (RFC 9110 section 13.1.2). */
    private static List<String> entityTags(List<String> ifNoneMatch) {
        return ifNoneMatch.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(tag -> tag.strip().replaceFirst("^W/", ""))
                .toList();
    }

    private static boolean acceptsGzip(String acceptEncoding) {
        for (String coding : acceptEncoding.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = coding.trim().split("\\s*;\\s*", -1);
            if (parts[0].equals("gzip")) {
                return parts.length < 2 || !parts[1].matches("q=0(\\.0*)?");
            }
        }
        return false;
    }
}
