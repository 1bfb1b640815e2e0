/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The functions of a program, as binutils' nm tells them.
 *
 * @param mappedAs the path by which processes run it
 * @param program the same file, or one with the symbols that it has lost
 */
public record Symbols(Optional<String> mappedAs, Path program, TreeMap<Long, String> names) {
    public static Symbols of(Path program) {
        return of(program, program);
    }

    public static Symbols of(Path mappedAs, Path program) {
        TreeMap<Long, String> names = new TreeMap<>();
        try {
            Process nm = new ProcessBuilder("nm", "--defined-only", "--demangle", program.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String told = new String(nm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (nm.waitFor() != 0) {
                throw new AssertionError("nm " + program);
            }
            for (String line : told.split("\n", -1)) {
                String[] fields = line.split(" ", 3);
                if (fields.length == 3 && "tTwW".contains(fields[1])) {
                    names.put(Long.parseUnsignedLong(fields[0], 16), fields[2]);
                }
            }
            return new Symbols(Optional.of(mappedAs.toRealPath().toString()), program, names);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public String at(long address) {
        return names.floorEntry(address).getValue();
    }
}
