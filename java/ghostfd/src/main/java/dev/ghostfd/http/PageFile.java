/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;

/**
 * One file of the page in the two forms in which it is sent. Immutable, and shared by all who ask for it.
 *
 * @param caching of a form, by its entity tag
 */
record PageFile(Form plain, Form gzip, String contentType, Function<String, Caching> caching) {
    /** Compressed or not: other bytes, so another tag (RFC 9110 section 8.8.3.3). */
    private record Form(Body body, String entityTag) {}

    static PageFile of(String contentType, byte[] bytes, String digest, Function<String, Caching> caching) {
        return new PageFile(
                new Form(Body.of(bytes, false), '"' + digest + '"'),
                new Form(Body.of(compressed(bytes), true), '"' + digest + "-gzip\""),
                contentType,
                caching);
    }

    Answer answer(Request request) {
        Form form = request.gzip() ? gzip : plain;
        boolean known = request.ifNoneMatch().contains(form.entityTag)
                || request.ifNoneMatch().contains("*");
        return new Answer(
                known ? HttpResponseStatus.NOT_MODIFIED : HttpResponseStatus.OK,
                contentType,
                form.body,
                true,
                caching.apply(form.entityTag));
    }

    private static byte[] compressed(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
