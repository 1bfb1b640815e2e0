/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A size in bytes, written with a binary unit or none: 4096, 64KiB, 16MiB, 1GiB.
 *
 * @param bytes not negative
 */
record ByteSize(long bytes) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18})\\s*(b|kib|k|mib|m|gib|g)?");

    static final class Converter implements ITypeConverter<ByteSize> {
        @Override
        public ByteSize convert(String text) {
            Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
            if (!form.matches()) {
                throw new TypeConversionException("'" + text + "' is not a size such as 65536, 64KiB or 16MiB");
            }
            int shift = switch (form.group(2) == null ? "b" : form.group(2)) {
                case "k", "kib" -> 10;
                case "m", "mib" -> 20;
                case "g", "gib" -> 30;
                default -> 0;
            };
            long value = Long.parseLong(form.group(1));
            if (value > Long.MAX_VALUE >> shift) {
                throw new TypeConversionException("'" + text + "' is too large");
            }
            return new ByteSize(value << shift);
        }
    }
}
