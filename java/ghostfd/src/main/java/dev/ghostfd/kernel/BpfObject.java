/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import me.bechberger.ebpf.bpf.raw.Lib;
import me.bechberger.ebpf.bpf.raw.bpf_object_open_opts;

/**
 * A BPF object: opened, adjusted, loaded, attached. Owns everything the kernel made for it; nothing is pinned, so that the
 * kernel frees all of it when this process ends in whatever way. Not thread-safe.
 */
final class BpfObject implements AutoCloseable {
    private static final String UPGRADE = "ghostfd needs Linux 5.10 or newer with CONFIG_DEBUG_INFO_BTF";

    private final Arena arena = Arena.ofShared();
    private final MemorySegment object;
    private final List<MemorySegment> links = new ArrayList<>();

    /**
     * Parses the object; the kernel is not asked yet.
     *
     * @param btf the kernel's BTF when it is not at its usual place
     */
    BpfObject(byte[] elf, Optional<String> btf) {
        Libbpf.load();
        Libbpf.forgetWarnings();
        MemorySegment options = bpf_object_open_opts.allocate(arena);
        bpf_object_open_opts.sz(options, options.byteSize());
        bpf_object_open_opts.object_name(options, arena.allocateFrom("ghostfd"));
        btf.ifPresent(path -> bpf_object_open_opts.btf_custom_path(options, arena.allocateFrom(path)));
        MemorySegment bytes = arena.allocate(elf.length, 8).copyFrom(MemorySegment.ofArray(elf));
        object = Libbpf.openObject(bytes, options);
        if (object.equals(MemorySegment.NULL)) {
            int errno = NativeFunction.errno();
            arena.close();
            throw new KernelException(
                    "read the BPF object", errno, "it is damaged, build or install ghostfd again" + detail());
        }
    }

    private static String detail() {
        String warning = Libbpf.lastWarning();
        return warning.isEmpty() ? "" : " (libbpf: " + warning + ")";
    }

    /** Leaves a program out. */
    void skip(String program) {
        check(Lib.bpf_program__set_autoload(program(program), false), "leave out program " + program, "");
    }

    void setMaxEntries(String map, int entries) {
        check(Lib.bpf_map__set_max_entries(map(map), entries), "size map " + map, "");
    }

    /** Sets the constants of a read-only section before loading. */
    void setInitialValue(String section, MemorySegment value) {
        check(Lib.bpf_map__set_initial_value(map(section), value, value.byteSize()), "configure " + section, "");
    }

    void load() {
        int result = Lib.bpf_object__load(object);
        if (result == 0) {
            return;
        }
        String hint = switch (-result) {
            case Errno.EPERM, Errno.EACCES ->
                "it needs root, or CAP_BPF and CAP_PERFMON; before Linux 5.11 also a higher RLIMIT_MEMLOCK";
            case Errno.ENOMEM -> "free memory or choose a smaller --ring-buffer";
            case Errno.ESRCH, Errno.ENOENT, Errno.EOPNOTSUPP, Errno.EINVAL -> UPGRADE;
            default -> "run ghostfd doctor";
        };
        throw new KernelException("load the BPF programs", -result, hint + detail());
    }

    /** Attaches a program; false if this kernel does not have the tracepoint and the probe is not required. */
    boolean attach(Probe probe) {
        MemorySegment link;
        if (probe.tracepoint().isEmpty()) {
            link = Libbpf.attach(program(probe.program()));
        } else {
            link = Libbpf.attachTracepoint(
                    program(probe.program()), arena.allocateFrom("syscalls"), arena.allocateFrom(probe.tracepoint()));
        }
        int errno = NativeFunction.errno();
        if (!link.equals(MemorySegment.NULL)) {
            links.add(link);
            return true;
        }
        if (errno == Errno.ENOENT && !probe.required()) {
            Libbpf.forgetWarnings();
            return false;
        }
        String hint = errno == Errno.EACCES
                ? "with kernel.perf_event_paranoid above 2 some kernels want CAP_SYS_ADMIN for this: set it to 2, or grant that"
                : "run ghostfd doctor";
        throw new KernelException("attach " + probe.label(), errno, hint + detail());
    }

    /** Attaches an iterator: the descriptor of its link, from which each run is made. */
    int attachIterator(String program) {
        MemorySegment link = Libbpf.attachIterator(program(program));
        if (link.equals(MemorySegment.NULL)) {
            throw new KernelException("attach " + program, NativeFunction.errno(), UPGRADE + detail());
        }
        links.add(link);
        return Lib.bpf_link__fd(link);
    }

    int mapDescriptor(String map) {
        return Lib.bpf_map__fd(map(map));
    }

    private MemorySegment program(String name) {
        MemorySegment program = Libbpf.findProgram(object, arena.allocateFrom(name));
        if (program.equals(MemorySegment.NULL)) {
            throw new KernelException(
                    "find program " + name + " in the BPF object", 0, "build or install ghostfd again");
        }
        return program;
    }

    private MemorySegment map(String name) {
        MemorySegment map = Libbpf.findMap(object, arena.allocateFrom(name));
        if (map.equals(MemorySegment.NULL)) {
            throw new KernelException("find map " + name + " in the BPF object", 0, "build or install ghostfd again");
        }
        return map;
    }

    private static void check(int result, String operation, String hint) {
        if (result < 0) {
            throw new KernelException(operation, -result, hint + detail());
        }
    }

    /** Leaves it to another process to wait until all is detached; to be followed by {@link #close}. */
    void leaveDetaching() {
        Heir.inherits(links.stream().map(Lib::bpf_link__fd).collect(Collectors.toSet()));
    }

    /**
     * Each detachment waits for the kernel's RCU grace periods, and there are sixty: at the same time they take less long
     * where others trace as well.
     */
    private void detachAll() {
        List<Thread> threads = links.reversed().stream()
                .map(link -> Thread.ofPlatform().name("detach").unstarted(() -> Lib.bpf_link__destroy(link)))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                /* The kernel finishes by itself when this process ends. */
                Thread.currentThread().interrupt();
                return;
            }
        }
        links.clear();
    }

    @Override
    public void close() {
        detachAll();
        Lib.bpf_object__close(object);
        arena.close();
    }
}
