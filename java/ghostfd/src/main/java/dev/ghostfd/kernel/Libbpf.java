/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import me.bechberger.ebpf.bpf.raw.Lib;

/**
 * libbpf, loaded once per process. rawbpf binds its functions; those that return a pointer are linked again here, because
 * the reason for a NULL is in errno, which rawbpf does not keep. What libbpf would print is kept for the error message.
 */
@SuppressWarnings("restricted") // this package is where native code is called
final class Libbpf {
    private static final int KEPT_LINES = 40;
    private static final int LINE_BYTES = 512;
    private static final int LEVEL_DEBUG = 2;
    private static final Deque<String> LOG = new ArrayDeque<>();

    private Libbpf() {}

    /** Loads the library; safe to call again. */
    static void load() {
        Path library = LibraryLocator.libbpf()
                .orElseThrow(() -> new KernelException(
                        "find libbpf.so.1", 0, "install libbpf 1.0 or newer (Debian: apt-get install libbpf1)"));
        try {
            System.load(library.toAbsolutePath().toString());
        } catch (UnsatisfiedLinkError unusable) {
            throw new KernelException("load " + library, 0, "reinstall libbpf (" + unusable.getMessage() + ")");
        }
        Loaded.touch();
    }

    /** bpf_object__open_mem with default options. Like all here: the pointer, or NULL with {@link NativeFunction#errno()} set. */
    static MemorySegment openObject(MemorySegment bytes, MemorySegment options) {
        return Loaded.OPEN_MEM.pointer(bytes, bytes.byteSize(), options);
    }

    static MemorySegment findProgram(MemorySegment object, MemorySegment name) {
        return Loaded.FIND_PROGRAM.pointer(object, name);
    }

    static MemorySegment findMap(MemorySegment object, MemorySegment name) {
        return Loaded.FIND_MAP.pointer(object, name);
    }

    static MemorySegment attach(MemorySegment program) {
        return Loaded.ATTACH.pointer(program);
    }

    static MemorySegment attachTracepoint(MemorySegment program, MemorySegment category, MemorySegment name) {
        return Loaded.ATTACH_TRACEPOINT.pointer(program, category, name);
    }

    static MemorySegment attachIterator(MemorySegment program) {
        return Loaded.ATTACH_ITERATOR.pointer(program, MemorySegment.NULL);
    }

    /** The last warning of libbpf that says something, and forgets all; empty if there was none. */
    static synchronized String lastWarning() {
        String last = "";
        for (String line : LOG) {
            String text = line.strip().replaceFirst("^libbpf: ", "");
            if (!text.isEmpty() && !text.contains("BEGIN PROG LOAD LOG") && !text.contains("END PROG LOAD LOG")) {
                last = last.isEmpty() ? text : last + " | " + text;
            }
        }
        LOG.clear();
        return last.length() > 400 ? last.substring(0, 400) + "…" : last;
    }

    static synchronized void forgetWarnings() {
        LOG.clear();
    }

    private static synchronized void keep(String line) {
        if (LOG.size() == KEPT_LINES) {
            LOG.removeFirst();
        }
        LOG.addLast(line);
    }

    /** libbpf_print_fn_t. A va_list is passed by address on x86-64 and arm64 alike. */
    static int print(int level, MemorySegment format, MemorySegment arguments) {
        if (level >= LEVEL_DEBUG) {
            return 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment line = arena.allocate(LINE_BYTES);
            int length = Loaded.VSNPRINTF.number(line, LINE_BYTES, format, arguments);
            keep(line.getString(0));
            return length;
        } catch (RuntimeException | Error unusable) {
            return 0;
        }
    }

    /** Linkage, in one place; initialised by {@link #load()} after the library is found. */
    private static final class Loaded {
        static final NativeFunction VSNPRINTF = NativeFunction.ofLibc("vsnprintf");

        static {
            try {
                MethodHandle print = MethodHandles.lookup()
                        .findStatic(
                                Libbpf.class,
                                "print",
                                MethodType.methodType(int.class, int.class, MemorySegment.class, MemorySegment.class));
                MemorySegment stub = Linker.nativeLinker()
                        .upcallStub(print, FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS), Arena.global());
                MemorySegment previous = Lib.libbpf_set_print(stub);
                assert previous != null;
            } catch (ReflectiveOperationException impossible) {
                throw new LinkageError("libbpf_print_fn_t", impossible);
            }
        }

        static final NativeFunction OPEN_MEM = link("bpf_object__open_mem");
        static final NativeFunction FIND_PROGRAM = link("bpf_object__find_program_by_name");
        static final NativeFunction FIND_MAP = link("bpf_object__find_map_by_name");
        static final NativeFunction ATTACH = link("bpf_program__attach");
        static final NativeFunction ATTACH_TRACEPOINT = link("bpf_program__attach_tracepoint");
        static final NativeFunction ATTACH_ITERATOR = link("bpf_program__attach_iter");

        private static NativeFunction link(String name) {
            return NativeFunction.of(SymbolLookup.loaderLookup(), name);
        }

        static void touch() {}
    }
}
