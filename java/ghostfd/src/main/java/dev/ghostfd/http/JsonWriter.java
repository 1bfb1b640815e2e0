/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** JSON as the API writes it: what is unknown is absent, times are RFC 3339 in UTC to the millisecond. */
final class JsonWriter implements AutoCloseable {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final DateTimeFormatter RFC3339 =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);
    private static final double PRECISION = 1000;
    private static final double RATIO_PRECISION = 1_000_000;

    /** Writes what goes inside an object or array. */
    interface Content {
        void write() throws IOException;
    }

    private final JsonGenerator generator;

    private JsonWriter(JsonGenerator generator) {
        this.generator = generator;
    }

    /** UTF-8 to a stream that stays open. */
    static JsonWriter to(OutputStream out) throws IOException {
        return new JsonWriter(FACTORY.createGenerator(out)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT)
                .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM));
    }

    /** The whole document, or an element of an array. */
    void object(Content content) throws IOException {
        generator.writeStartObject();
        content.write();
        generator.writeEndObject();
    }

    void object(String name, Content content) throws IOException {
        generator.writeFieldName(name);
        object(content);
    }

    void array(String name, Content content) throws IOException {
        generator.writeArrayFieldStart(name);
        content.write();
        generator.writeEndArray();
    }

    /** Absent when empty. */
    void text(String name, String value) throws IOException {
        if (!value.isEmpty()) {
            generator.writeStringField(name, value);
        }
    }

    void text(String name, Optional<String> value) throws IOException {
        text(name, value.orElse(""));
    }

    void texts(String name, List<String> values) throws IOException {
        generator.writeArrayFieldStart(name);
        for (String value : values) {
            generator.writeString(value);
        }
        generator.writeEndArray();
    }

    void number(String name, long value) throws IOException {
        generator.writeNumberField(name, value);
    }

    /** A number of which 0 or less means that it is not known. */
    void known(String name, long value) throws IOException {
        if (value > 0) {
            number(name, value);
        }
    }

    /** To three decimals: milliseconds. */
    void decimal(String name, double value) throws IOException {
        generator.writeNumberField(name, Math.round(value * PRECISION) / PRECISION);
    }

    void decimal(String name, OptionalDouble value) throws IOException {
        if (value.isPresent()) {
            decimal(name, value.getAsDouble());
        }
    }

    /** To six decimals: eight of twenty thousand are not none. */
    void ratio(String name, double value) throws IOException {
        generator.writeNumberField(name, Math.round(value * RATIO_PRECISION) / RATIO_PRECISION);
    }

    void bool(String name, boolean value) throws IOException {
        generator.writeBooleanField(name, value);
    }

    void time(String name, Instant value) throws IOException {
        generator.writeStringField(name, RFC3339.format(value));
    }

    @Override
    public void close() throws IOException {
        generator.close();
    }
}
