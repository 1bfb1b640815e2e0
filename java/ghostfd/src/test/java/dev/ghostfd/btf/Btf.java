/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.btf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** Structs and enums of a BPF object, from its .BTF section (Documentation/bpf/btf.rst in the kernel's sources). */
public final class Btf {
    private static final int MAGIC = 0xeb9f;
    private static final int INT = 1;
    private static final int POINTER = 2;
    private static final int ARRAY = 3;
    private static final int STRUCT = 4;
    private static final int UNION = 5;
    private static final int ENUM = 6;
    private static final int FUNCTION_TYPE = 13;
    private static final int VARIABLE = 14;
    private static final int SECTION = 15;
    private static final int FLOAT = 16;
    private static final int DECLARATION_TAG = 17;
    private static final int ENUM64 = 19;

    /** Where a member stands in its struct, in bytes. */
    public record Field(int offset, int size) {}

    /** A struct with its members in their order. */
    public record Struct(int size, Map<String, Field> fields) {
        /** One without members yet. */
        public static Struct of(int size) {
            return new Struct(size, Map.of());
        }

        /** The same with one member more. */
        public Struct with(String name, long offset, int bytes) {
            Map<String, Field> more = new LinkedHashMap<>(fields);
            more.put(name, new Field((int) offset, bytes));
            return new Struct(size, more);
        }
    }

    private record Type(String name, int kind, int count, int sizeOrType, int details) {}

    private final ByteBuffer section;
    private final int strings;
    private final List<Type> types = new ArrayList<>();

    private Btf(ByteBuffer section) {
        this.section = section;
        if (Short.toUnsignedInt(section.getShort(0)) != MAGIC) {
            throw new IllegalArgumentException("no BTF");
        }
        int header = section.getInt(4);
        strings = header + section.getInt(16);
        types.add(new Type("void", 0, 0, 0, 0));
        int at = header + section.getInt(8);
        for (int end = at + section.getInt(12); at < end; ) {
            int info = section.getInt(at + 4);
            Type type = new Type(
                    string(section.getInt(at)), info >> 24 & 0x1f, info & 0xffff, section.getInt(at + 8), at + 12);
            types.add(type);
            at += 12 + detailBytes(type);
        }
    }

    /** The BTF of the object that is packed with ghostfd. */
    public static Btf ofGhostfd() {
        try (InputStream object = Btf.class.getResourceAsStream("/dev/ghostfd/kernel/ghostfd.bpf.o")) {
            return new Btf(section(ByteBuffer.wrap(object.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN), ".BTF"));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** A section of an ELF64 file. */
    private static ByteBuffer section(ByteBuffer elf, String name) {
        int headers = (int) elf.getLong(0x28);
        int headerBytes = elf.getShort(0x3a);
        int names = headers + elf.getShort(0x3e) * headerBytes;
        for (int i = 0; i < elf.getShort(0x3c); i++) {
            int header = headers + i * headerBytes;
            if (string(elf, (int) elf.getLong(names + 0x18) + elf.getInt(header))
                    .equals(name)) {
                return elf.slice((int) elf.getLong(header + 0x18), (int) elf.getLong(header + 0x20))
                        .order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        throw new NoSuchElementException("section " + name);
    }

    private static String string(ByteBuffer in, int at) {
        int end = at;
        while (in.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - at];
        in.get(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String string(int offset) {
        return string(section, strings + offset);
    }

    private static int detailBytes(Type type) {
        return switch (type.kind()) {
            case INT, VARIABLE, DECLARATION_TAG -> 4;
            case ARRAY -> 12;
            case STRUCT, UNION, SECTION, ENUM64 -> 12 * type.count();
            case ENUM, FUNCTION_TYPE -> 8 * type.count();
            default -> 0;
        };
    }

    private Type find(String name, int kind) {
        return types.stream()
                .filter(type -> type.kind() == kind && type.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(
                        name + " is not in the object's BTF: no map, global variable or function names it"));
    }

    public Struct struct(String name) {
        Type type = find(name, STRUCT);
        Map<String, Field> fields = new LinkedHashMap<>();
        for (int i = 0; i < type.count(); i++) {
            int member = type.details() + 12 * i;
            int bits = section.getInt(member + 8);
            fields.put(string(section.getInt(member)), new Field(bits / 8, size(section.getInt(member + 4))));
        }
        return new Struct(type.sizeOrType(), fields);
    }

    /** Values of an enum by name. */
    public Map<String, Integer> values(String name) {
        Type type = find(name, ENUM);
        Map<String, Integer> values = new LinkedHashMap<>();
        for (int i = 0; i < type.count(); i++) {
            int value = type.details() + 8 * i;
            values.put(string(section.getInt(value)), section.getInt(value + 4));
        }
        return values;
    }

    private int size(int id) {
        Type type = types.get(id);
        return switch (type.kind()) {
            case INT, STRUCT, UNION, ENUM, FLOAT, ENUM64 -> type.sizeOrType();
            case POINTER -> Long.BYTES;
            case ARRAY -> section.getInt(type.details() + 8) * size(section.getInt(type.details()));
            default -> size(type.sizeOrType());
        };
    }
}
