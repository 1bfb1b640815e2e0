/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http.access;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Certificates or a key in PEM, in a file or in the configuration itself.
 *
 * @param key the configuration's key that names it
 * @param inline the text itself; empty when there is a file
 */
record PemSource(String key, Place place, Optional<Path> file, String inline) {
    private static final int LARGEST = 1 << 20;

    String read() throws WebConfigException {
        if (file.isEmpty()) {
            return inline;
        }
        Path path = file.get();
        try {
            if (Files.size(path) > LARGEST) {
                throw place.error(key + " " + path + " is larger than a PEM file can be");
            }
            return Files.readString(path, StandardCharsets.US_ASCII);
        } catch (WebConfigException tooLarge) {
            throw tooLarge;
        } catch (IOException cause) {
            throw place.error("cannot read " + key + " " + path + ": " + reason(cause));
        }
    }

    /** What is wrong with the contents. */
    WebConfigException error(String problem) {
        return place.error(key + file.map(path -> " " + path).orElse("") + ": " + problem);
    }

    static String reason(IOException cause) {
        return switch (cause) {
            case NoSuchFileException none -> "there is no such file";
            case AccessDeniedException denied -> "permission denied";
            case MalformedInputException binary -> "it is not text; PEM is needed, not DER";
            default -> Optional.ofNullable(cause.getMessage()).orElse(cause.toString());
        };
    }
}
