/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A symbol in Rust's v0 form (RFC 2603, doc.rust-lang.org/rustc/symbol-mangling/v0.html) read back into a path. Leaves out
 * what nobody writes: hashes, lifetimes and the crate that asked for an instance.
 */
final class RustName {
    private static final int MAX_DEPTH = 100;

    /** References back can make a short symbol stand for a name without end. */
    private static final int MAX_LENGTH = 2000;

    private static final Map<Character, String> BASIC = Map.ofEntries(
            Map.entry('a', "i8"),
            Map.entry('b', "bool"),
            Map.entry('c', "char"),
            Map.entry('d', "f64"),
            Map.entry('e', "str"),
            Map.entry('f', "f32"),
            Map.entry('h', "u8"),
            Map.entry('i', "isize"),
            Map.entry('j', "usize"),
            Map.entry('l', "i32"),
            Map.entry('m', "u32"),
            Map.entry('n', "i128"),
            Map.entry('o', "u128"),
            Map.entry('p', "_"),
            Map.entry('s', "i16"),
            Map.entry('t', "u16"),
            Map.entry('u', "()"),
            Map.entry('v', "..."),
            Map.entry('x', "i64"),
            Map.entry('y', "u64"),
            Map.entry('z', "!"));

    /** What does not follow the grammar. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable() {
            super("not a Rust symbol", null, false, false);
        }
    }

    private final String symbol;
    private int at;
    private int depth;
    private int length;

    /**
     * One symbol.
     *
     * @param symbol without the _R it begins with
     */
    RustName(String symbol) {
        this.symbol = symbol;
    }

    /** Empty when it is not written as it should be. */
    Optional<String> readable() {
        try {
            return Optional.of(path(true));
        } catch (Unreadable | IndexOutOfBoundsException | ArithmeticException other) {
            return Optional.empty();
        }
    }

    private String path(boolean value) {
        return nested(() -> switch (next()) {
            case 'C' -> identifier().name;
            case 'M' -> {
                implementation();
                yield "<" + type() + ">";
            }
            case 'X' -> {
                implementation();
                yield "<" + type() + " as " + path(false) + ">";
            }
            case 'Y' -> "<" + type() + " as " + path(false) + ">";
            case 'N' -> inNamespace(next(), path(value), identifier());
            case 'I' -> path(value) + (value ? "::<" : "<") + until('E', this::argument) + ">";
            case 'B' -> referred(() -> path(value));
            default -> throw new Unreadable();
        });
    }

    private record Identifier(String name, long number) {}

    private static String inNamespace(char namespace, String path, Identifier identifier) {
        return switch (namespace) {
            case 'C' -> path + "::{closure#" + identifier.number + "}";
            case 'S' -> path + "::{shim#" + identifier.number + "}";
            default -> identifier.name.isEmpty() ? path : path + "::" + identifier.name;
        };
    }

    /** Where an implementation stands is not part of its name. */
    private void implementation() {
        if (skip('s')) {
            number();
        }
        path(false);
    }

    private Identifier identifier() {
        long number = skip('s') ? number() + 1 : 0;
        skip('u');
        int bytes = 0;
        while (Character.isDigit(symbol.charAt(at))) {
            bytes = Math.addExact(Math.multiplyExact(bytes, 10), next() - '0');
        }
        skip('_');
        String name = symbol.substring(at, at + bytes);
        at += bytes;
        return new Identifier(name, number);
    }

    private String argument() {
        if (skip('L')) {
            number();
            return "'_";
        }
        return skip('K') ? constant() : type();
    }

    private String type() {
        return nested(() -> {
            char tag = next();
            return switch (tag) {
                case 'A' -> "[" + type() + "; " + constant() + "]";
                case 'S' -> "[" + type() + "]";
                case 'T' -> "(" + until('E', this::type) + ")";
                case 'R' -> "&" + borrowed();
                case 'Q' -> "&mut " + borrowed();
                case 'P' -> "*const " + type();
                case 'O' -> "*mut " + type();
                case 'F' -> function();
                case 'D' -> dynamic();
                case 'B' -> referred(this::type);
                default -> {
                    if (BASIC.containsKey(tag)) {
                        yield BASIC.get(tag);
                    }
                    at--;
                    yield path(false);
                }
            };
        });
    }

    private String borrowed() {
        if (skip('L')) {
            number();
        }
        return type();
    }

    private void binder() {
        if (skip('G')) {
            number();
        }
    }

    private String function() {
        binder();
        String prefix = skip('U') ? "unsafe fn(" : "fn(";
        if (skip('K') && !skip('C')) {
            identifier();
        }
        String arguments = until('E', this::type);
        String result = type();
        return prefix + arguments + ")" + (result.equals("()") ? "" : " -> " + result);
    }

    private String dynamic() {
        binder();
        String traits = until('E', this::bound).replace(", ", " + ");
        if (skip('L')) {
            number();
        }
        return "dyn " + traits;
    }

    private String bound() {
        StringBuilder bound = new StringBuilder(path(false));
        while (skip('p')) {
            bound.append('<')
                    .append(identifier().name)
                    .append('=')
                    .append(type())
                    .append('>');
        }
        return bound.toString();
    }

    private String constant() {
        if (skip('p')) {
            return "_";
        }
        if (skip('B')) {
            return referred(this::constant);
        }
        char type = next();
        String sign = skip('n') ? "-" : "";
        int end = symbol.indexOf('_', at);
        String digits = symbol.substring(at, Math.max(at, end));
        at = end + 1;
        if (end < 0 || !digits.matches("[0-9a-f]{0,15}")) {
            throw new Unreadable();
        }
        long value = digits.isEmpty() ? 0 : Long.parseLong(digits, 16);
        return type == 'b' ? String.valueOf(value != 0) : sign + value;
    }

    /** To something that stands before here. */
    private String referred(Part part) {
        int from = at - 1;
        long target = number();
        if (target < 0 || target >= from) {
            throw new Unreadable();
        }
        int back = at;
        at = (int) target;
        String text = part.read();
        at = back;
        return text;
    }

    private interface Part {
        String read();
    }

    private String until(char end, Part part) {
        List<String> parts = new ArrayList<>();
        while (!skip(end)) {
            parts.add(part.read());
        }
        return String.join(", ", parts);
    }

    private String nested(Part part) {
        if (++depth > MAX_DEPTH) {
            throw new Unreadable();
        }
        String text = part.read();
        depth--;
        length += text.length();
        if (length > MAX_DEPTH * MAX_LENGTH || text.length() > MAX_LENGTH) {
            throw new Unreadable();
        }
        return text;
    }

    /** In base 62, where nothing is 0 and the first digit 1. Hashes are larger than a long and only read over. */
    private long number() {
        if (skip('_')) {
            return 0;
        }
        long value = 0;
        for (char digit = next(); digit != '_'; digit = next()) {
            value = value * 62 + digit(digit);
        }
        return value + 1;
    }

    private static int digit(char digit) {
        if (digit >= '0' && digit <= '9') {
            return digit - '0';
        }
        if (digit >= 'a' && digit <= 'z') {
            return digit - 'a' + 10;
        }
        if (digit >= 'A' && digit <= 'Z') {
            return digit - 'A' + 36;
        }
        throw new Unreadable();
    }

    private char next() {
        return symbol.charAt(at++);
    }

    private boolean skip(char expected) {
        boolean there = at < symbol.length() && symbol.charAt(at) == expected;
        if (there) {
            at++;
        }
        return there;
    }
}
