/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import me.bechberger.ebpf.bpf.raw.Lib;

/**
 * The kernel side, loaded and running. One owner, who drains the ring and takes snapshots from one thread; closing it
 * detaches and frees everything.
 */
public final class Tracer implements AutoCloseable {
    private static final String OBJECT = "ghostfd.bpf.o";

    /** For kernels that have {@link Helpers#directLoads}. */
    private static final String DIRECT_OBJECT = "ghostfd-direct.bpf.o";

    private static final long FILTER_BYTES = 8;

    /** PROC_PID_INIT_INO, include/linux/proc_ns.h. */
    private static final String INITIAL_PID_NAMESPACE = "pid:[4026531836]";

    private final Arena arena = Arena.ofShared();
    private final List<AutoCloseable> owned = new ArrayList<>();
    private final List<ProgramState> programs = new ArrayList<>();
    private final BpfObject object;
    private final RingBuffer ring;
    private final LossCounters losses;
    private final Snapshots snapshots;
    private final WakeupWait wakeup;
    private boolean waits = true;

    private Tracer(TracerOptions options) {
        try {
            object = own(new BpfObject(readObject(), TracerOptions.btfOverride()));
            configure(options);
            object.load();
            int events = object.mapDescriptor("events");
            ring = mapRing(events, options.ringBytes());
            wakeup = own(new WakeupWait(events));
            int cpus = Math.max(1, Lib.libbpf_num_possible_cpus());
            losses = new LossCounters(map("losses", LossCounters.BYTES, Libc.PROT_READ), cpus);
            MemorySegment filter = map("filter", FILTER_BYTES, Libc.PROT_READ | Libc.PROT_WRITE);
            snapshots = new Snapshots(
                    object.attachIterator("task_iterator"),
                    object.attachIterator("descriptor_iterator"),
                    filter,
                    new WatchedInodes(object.mapDescriptor("watched")));
            if (options.tracing()) {
                attachAll();
            }
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
    }

    /**
     * Loads and attaches everything; from then on events gather in the ring.
     *
     * @throws KernelException when this cannot be done here, with the reason; nothing is left behind
     */
    public static Tracer open(TracerOptions options) {
        Prerequisites.require(options.paths());
        if (options.tracing()) {
            Tracefs.ensureMounted();
        }
        return new Tracer(options);
    }

    private static byte[] readObject() {
        String override = System.getenv(TracerOptions.OBJECT_OVERRIDE);
        String name = Helpers.directLoads() ? DIRECT_OBJECT : OBJECT;
        try (InputStream packed =
                override == null ? Tracer.class.getResourceAsStream(name) : Files.newInputStream(Path.of(override))) {
            if (packed == null) {
                throw new KernelException(
                        "find " + name, 0, "it is not packed with this build: build ghostfd with Maven");
            }
            return packed.readAllBytes();
        } catch (IOException cause) {
            throw new KernelException(
                    "read " + (override == null ? name : override),
                    Errno.ENOENT,
                    "see " + TracerOptions.OBJECT_OVERRIDE);
        }
    }

    private void configure(TracerOptions options) {
        object.setInitialValue(".rodata.config", Config.of(options, arena));
        object.setMaxEntries("events", Math.toIntExact(options.ringBytes()));
        if (!options.tracing()) {
            Probe.all(true).stream().map(Probe::program).distinct().forEach(object::skip);
        }
    }

    private RingBuffer mapRing(int descriptor, long size) {
        long page = PageSize.bytes();
        Mapping consumer = own(Mapping.of(descriptor, 0, page, Libc.PROT_READ | Libc.PROT_WRITE, "the ring buffer"));
        /* Only the consumer page may be writable; asking for more is refused with EPERM. */
        Mapping producer = own(Mapping.of(descriptor, page, page, Libc.PROT_READ, "the ring buffer"));
        return new RingBuffer(consumer.segment(), producer.segment(), own(new MappedRingArea(descriptor, size)));
    }

    private MemorySegment map(String name, long bytes, int protection) {
        long page = PageSize.bytes();
        long length = (bytes + page - 1) / page * page;
        return own(Mapping.of(object.mapDescriptor(name), 0, length, protection, name))
                .segment();
    }

    private void attachAll() {
        for (Probe probe : Probe.all(Helpers.taskRegisters())) {
            programs.add(new ProgramState(probe.label(), object.attach(probe), probe.required()));
        }
    }

    private <T extends AutoCloseable> T own(T resource) {
        owned.add(resource);
        return resource;
    }

    /**
     * Adds a running process to the scope; its later children follow by themselves.
     *
     * @param startTime CLOCK_BOOTTIME nanoseconds
     */
    public void admit(int pid, long startTime) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment key = call.allocateFrom(JAVA_INT, pid);
            MemorySegment value = call.allocateFrom(JAVA_LONG, startTime);
            int result = Lib.bpf_map_update_elem(object.mapDescriptor("scope_processes"), key, value, 0);
            if (result < 0) {
                throw new KernelException("add process " + pid + " to the scope", -result, "");
            }
        }
    }

    /**
     * From now on whatever this process starts is in scope from its birth, before its first instruction. This process itself
     * stays out of it.
     *
     * @throws KernelException in a pid namespace, where this process cannot know the pid that the kernel has for it
     */
    public void admitOwnChildren() {
        if (!isInInitialPidNamespace()) {
            throw new KernelException(
                    "trace the processes started from here",
                    0,
                    "this is a pid namespace of its own: start the container with the host's, --pid=host");
        }
        admit((int) ProcessHandle.current().pid(), 0);
    }

    private static boolean isInInitialPidNamespace() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/pid"))
                    .toString()
                    .equals(INITIAL_PID_NAMESPACE);
        } catch (IOException | UnsupportedOperationException unreadable) {
            return true;
        }
    }

    public RingBuffer ring() {
        return ring;
    }

    public LossCounters losses() {
        return losses;
    }

    public Snapshots snapshots() {
        return snapshots;
    }

    /** Every tracing program with whether it is attached; empty without tracing. */
    public List<ProgramState> programs() {
        return List.copyOf(programs);
    }

    /**
     * Waits until the ring is a quarter full, or for at most this long.
     *
     * @param millis 0 returns at once
     */
    public void await(int millis) {
        wakeup.await(millis);
    }

    /** For a process that ends next: closing will not wait until the kernel has detached everything, about two seconds. */
    public Tracer withoutWaitAtClose() {
        waits = false;
        return this;
    }

    @Override
    public void close() {
        if (!waits) {
            object.leaveDetaching();
        }
        for (AutoCloseable resource : owned.reversed()) {
            try {
                resource.close();
            } catch (Exception unexpected) {
                throw new IllegalStateException(unexpected);
            }
        }
        owned.clear();
        arena.close();
    }
}
