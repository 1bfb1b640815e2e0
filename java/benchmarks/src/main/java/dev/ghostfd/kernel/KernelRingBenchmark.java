/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Java and libbpf's {@code ring_buffer__consume} side by side: the same ring of the kernel, filled before each measurement by
 * a BPF program with 262,144 records of 48 bytes; both add up the first word of each record, the one in Java, the other in a
 * callback compiled by gcc -O2. The call from Java into libbpf is made once for all records. Needs root; scripts/jmh passes the
 * two files as properties.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("restricted") // calls libbpf, as its package does
public class KernelRingBenchmark {
    private static final int EVENTS = 1 << 18;
    private static final int RING_BYTES = 16 << 20;
    private static final long BATCH = 1 << 20;

    private final Arena arena = Arena.ofShared();
    private final SymbolLookup library = SymbolLookup.libraryLookup(Path.of(System.getProperty("ghostfd.sum")), arena);
    private final MethodHandle fill = function("fill_ring", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private final MethodHandle consume = function("consume_ring", FunctionDescriptor.of(JAVA_INT));
    private Mapping consumer;
    private Mapping producer;
    private MappedRingArea data;
    private RingBuffer ring;
    private long sum;

    private MethodHandle function(String name, FunctionDescriptor type) {
        return Linker.nativeLinker().downcallHandle(library.find(name).orElseThrow(), type);
    }

    /** Loads the program that fills the ring, and maps the ring as the tracer does. */
    @Setup
    public void open() throws Throwable {
        MemorySegment path = arena.allocateFrom(System.getProperty("ghostfd.fill"));
        int descriptor = (int)
                function("open_ring", FunctionDescriptor.of(JAVA_INT, ADDRESS)).invoke(path);
        if (descriptor < 0) {
            throw new IllegalStateException("the program that fills the ring could not be loaded: is this root?");
        }
        long page = PageSize.bytes();
        consumer = Mapping.of(descriptor, 0, page, Libc.PROT_READ | Libc.PROT_WRITE, "the ring buffer");
        producer = Mapping.of(descriptor, page, page, Libc.PROT_READ, "the ring buffer");
        data = new MappedRingArea(descriptor, RING_BYTES);
        ring = new RingBuffer(consumer.segment(), producer.segment(), data);
    }

    /** Not measured. */
    @Setup(Level.Invocation)
    public void fill() throws Throwable {
        int added = (int) fill.invoke(EVENTS);
        if (added != EVENTS) {
            throw new IllegalStateException(added + " records in the ring");
        }
    }

    /** One event, read by Java. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long java() {
        while (ring.used() > 0) {
            ring.drain(this::add, BATCH);
        }
        return sum;
    }

    private void add(MemorySegment memory, long offset, int length) {
        sum += memory.get(JAVA_LONG, offset);
    }

    /** One event, read by libbpf. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public int libbpf() throws Throwable {
        int read = (int) consume.invoke();
        if (read != EVENTS) {
            throw new IllegalStateException(read + " records read");
        }
        return read;
    }

    /** Gives everything back. */
    @TearDown
    public void close() throws Throwable {
        data.close();
        producer.close();
        consumer.close();
        function("close_ring", FunctionDescriptor.ofVoid()).invoke();
        arena.close();
    }
}
