/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the page's files from the jar. The manifest names every one of them and where it is; a request's path is only
 * ever looked up among those, never made into a file name. All but the page itself stand in a folder that is named after
 * what is in them, so that they can be kept for ever, and a new version is a new folder.
 */
final class PageFiles {
    private static final String MANIFEST = "page/manifest";
    private static final String INDEX = "index.html";
    private static final int DIGEST_DIGITS = 16;

    /** What the page writes where the folder's name belongs. */
    private static final String FOLDER = "{{assets}}";

    private static final Map<String, String> CONTENT_TYPES = Map.of(
            "html", Answer.HTML,
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml");

    private PageFiles() {}

    /** All files by the path under which they are served. */
    static Map<String, PageFile> load() {
        Map<String, byte[]> contents = contents();
        String folder = "assets/" + digest(contents.values());
        byte[] index = new String(contents.remove(INDEX), StandardCharsets.UTF_8)
                .replace(FOLDER, folder)
                .getBytes(StandardCharsets.UTF_8);
        Map<String, PageFile> files = new HashMap<>();
        files.put("/", PageFile.of(Answer.HTML, index, digest(List.of(index)), Caching::revalidated));
        contents.forEach((name, bytes) -> files.put(
                "/" + folder + "/" + name,
                PageFile.of(contentType(name), bytes, digest(List.of(bytes)), Caching::immutable)));
        return Map.copyOf(files);
    }

    /** In the manifest's order; each of its lines is a name and the resource that has the content. */
    private static Map<String, byte[]> contents() {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        new String(read(MANIFEST), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" +", -1))
                .forEach(entry -> contents.put(entry[0], read(entry[1])));
        return contents;
    }

    private static byte[] read(String resource) {
        try (InputStream in = PageFiles.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new FileNotFoundException("the jar has no " + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String contentType(String name) {
        return CONTENT_TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    }

    private static String digest(Iterable<byte[]> contents) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            contents.forEach(digest::update);
            return HexFormat.of().formatHex(digest.digest()).substring(0, DIGEST_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
