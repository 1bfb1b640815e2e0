/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A section of a program, as binutils' readelf tells it. */
public record ElfSection(long address, int offset, int length) {
    public static ElfSection of(Path program, String name) {
        try {
            Process readelf = new ProcessBuilder("readelf", "-SW", program.toString()).start();
            String told = new String(readelf.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher line = Pattern.compile("\\] " + Pattern.quote(name) + " +\\S+ +(\\S+) +(\\S+) +(\\S+)")
                    .matcher(told);
            if (!line.find()) {
                throw new AssertionError("no " + name + " in\n" + told);
            }
            return new ElfSection(
                    Long.parseLong(line.group(1), 16),
                    Integer.parseInt(line.group(2), 16),
                    Integer.parseInt(line.group(3), 16));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
