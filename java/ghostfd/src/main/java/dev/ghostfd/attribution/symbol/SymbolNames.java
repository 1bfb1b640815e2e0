/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Symbols as linkers see them, turned into what stands in the source. Names from debugging information pass unchanged. */
final class SymbolNames {
    /** Rust's names until v0 look like C++'s with a hash as the innermost. */
    private static final Pattern LEGACY_RUST = Pattern.compile("_?_ZN(.+17h[0-9a-f]{16})E(\\..*)?");

    private static final int HASH_PART = "17h0123456789abcdef".length();
    private static final Pattern RUST = Pattern.compile("_?_R[A-Z0-9]\\w*(\\..*)?");
    private static final Pattern ESCAPE = Pattern.compile("\\$(\\w{1,8})\\$|\\.\\.");

    /** What GCC appends to the name of a function that it has taken apart or specialised. */
    private static final Pattern CLONE =
            Pattern.compile("(\\.(part|constprop|isra|lto_priv)\\.\\d+|\\.cold(\\.\\d+)?)+$");

    /** What Rust's debugging information calls an implementation, of which only the linker's name says what of. */
    private static final String ANONYMOUS_IMPLEMENTATION = "{impl#";

    private SymbolNames() {}

    /** The name that says most of a function, from the two in its debugging information. */
    static Optional<String> best(Optional<String> name, Optional<String> linkageName) {
        boolean anonymous =
                name.filter(text -> text.contains(ANONYMOUS_IMPLEMENTATION)).isPresent();
        return (anonymous && linkageName.isPresent() ? linkageName : name).map(SymbolNames::readable);
    }

    static String readable(String symbol) {
        Matcher legacy = LEGACY_RUST.matcher(symbol);
        if (legacy.matches()) {
            String parts = legacy.group(1);
            return legacy(symbol, parts.substring(0, parts.length() - HASH_PART));
        }
        if (RUST.matcher(symbol).matches()) {
            return new RustName(symbol.substring(symbol.indexOf('R') + 1))
                    .readable()
                    .orElse(symbol);
        }
        return CLONE.matcher(symbol).replaceFirst("");
    }

    /** Parts with their length in front; what is not so is left as it is. */
    private static String legacy(String symbol, String parts) {
        StringBuilder name = new StringBuilder();
        int at = 0;
        while (at < parts.length()) {
            int digits = at;
            while (digits < parts.length() && digits - at < 5 && Character.isDigit(parts.charAt(digits))) {
                digits++;
            }
            int length = digits == at ? 0 : Integer.parseInt(parts.substring(at, digits));
            if (length == 0 || digits + length > parts.length()) {
                return symbol;
            }
            name.append(name.isEmpty() ? "" : "::").append(unescaped(parts.substring(digits, digits + length)));
            at = digits + length;
        }
        return name.toString();
    }

    private static String unescaped(String part) {
        String text = part.startsWith("_$") ? part.substring(1) : part;
        return ESCAPE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(meaning(found.group(), found.group(1))));
    }

    private static String meaning(String written, String escape) {
        if (escape == null) {
            return "::";
        }
        return switch (escape) {
            case "SP" -> "@";
            case "BP" -> "*";
            case "RF" -> "&";
            case "LT" -> "<";
            case "GT" -> ">";
            case "LP" -> "(";
            case "RP" -> ")";
            case "C" -> ",";
            default ->
                escape.matches("u[0-9a-f]{1,4}")
                        ? String.valueOf((char) Integer.parseInt(escape.substring(1), 16))
                        : written;
        };
    }
}
