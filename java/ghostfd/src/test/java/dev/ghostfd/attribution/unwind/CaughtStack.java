/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.unwind;

import dev.ghostfd.attribution.ProcessStat;
import dev.ghostfd.attribution.code.ElfHeader;
import dev.ghostfd.attribution.code.MappedCode;
import dev.ghostfd.attribution.symbol.Symbols;
import dev.ghostfd.lifecycle.ProcessId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A program that stands still where a system call of its has returned, with what the kernel's side would hand over of that
 * moment. Ends with this object. See catcher.c.
 */
final class CaughtStack implements AutoCloseable {
    private static final long NANOS_PER_TICK = 10_000_000L;
    private static final Path PROC = Path.of("/proc");
    private static final int NUMBERS = 7;
    private static final int BYTES =
            NUMBERS * Long.BYTES + StackSample.WALK_DEPTH * Long.BYTES + StackSample.STACK_BYTES;

    final ProcessId process;
    final long ip;
    final long sp;
    final long fp;
    final long link;
    final byte[] stack;
    final long[] walk;
    private final Process catcher;

    /** All frames of a sample, the innermost first. */
    static long[] unwind(Unwinder unwinder, StackSample sample) {
        long[] found = new long[Unwinder.MOST_FRAMES];
        return Arrays.copyOf(found, unwinder.unwind(sample, found));
    }

    private CaughtStack(Process catcher) throws IOException {
        this.catcher = catcher;
        byte[] bytes = catcher.getInputStream().readNBytes(BYTES);
        if (bytes.length != BYTES) {
            throw new AssertionError("nothing was caught");
        }
        ByteBuffer told = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        int tid = (int) told.getLong();
        ip = told.getLong();
        sp = told.getLong();
        fp = told.getLong();
        link = told.getLong();
        final int stackBytes = (int) told.getLong();
        final int walkDepth = (int) told.getLong();
        long[] addresses = new long[StackSample.WALK_DEPTH];
        told.asLongBuffer().get(addresses);
        walk = Arrays.copyOf(addresses, walkDepth);
        int stackAt = BYTES - StackSample.STACK_BYTES;
        stack = Arrays.copyOfRange(bytes, stackAt, stackAt + stackBytes);
        int pid = leader(tid);
        process = new ProcessId(pid, ProcessStat.read(PROC, pid).orElseThrow().startTicks() * NANOS_PER_TICK);
    }

    /** The process that a thread is of. */
    private static int leader(int tid) throws IOException {
        try (Stream<String> lines = Files.lines(PROC.resolve(tid + "/status"))) {
            return lines.filter(line -> line.startsWith("Tgid:"))
                    .mapToInt(line ->
                            Integer.parseInt(line.substring("Tgid:".length()).strip()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Runs a program until it returns from a system call. */
    static CaughtStack at(Path catcher, String call, Path program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(catcher.toString(), call, program.toString()));
        command.addAll(List.of(arguments));
        try {
            return new CaughtStack(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A sample of it, with the first so many bytes of its stack. */
    StackSample sample(int stackBytes) {
        StackSample sample = new StackSample();
        fill(sample, stackBytes);
        return sample;
    }

    StackSample sample() {
        return sample(stack.length);
    }

    void fill(StackSample sample, int stackBytes) {
        sample.of(process, StackSample.UNKNOWN, 0);
        sample.registers(ip, sp, fp, link);
        System.arraycopy(stack, 0, sample.stack(), 0, stackBytes);
        sample.stackBytes(stackBytes);
        System.arraycopy(walk, 0, sample.walk(), 0, walk.length);
        sample.walkDepth(walk.length);
    }

    /** Where the process has code. */
    List<MappedCode> code() {
        try (Stream<String> lines = Files.lines(PROC.resolve(process.pid() + "/maps"), StandardCharsets.ISO_8859_1)) {
            return lines.map(MappedCode::parse).flatMap(Optional::stream).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The names of a stack's places as far as they are in a program's own symbols; "?" for those that are not. */
    List<String> names(long[] addresses, Symbols symbols) {
        List<MappedCode> code = code();
        ElfHeader header = ElfHeader.read(symbols.program()).orElseThrow();
        List<String> names = new ArrayList<>();
        for (long address : addresses) {
            names.add(code.stream()
                    .filter(mapping ->
                            mapping.holds(address - 1) && mapping.path().equals(symbols.mappedAs()))
                    .mapToLong(mapping -> header.address(address - 1 - mapping.start() + mapping.offset())
                            .orElseThrow())
                    .mapToObj(symbols::at)
                    .findFirst()
                    .orElse("?"));
        }
        return names;
    }

    @Override
    public void close() {
        try {
            catcher.getOutputStream().close();
            catcher.waitFor();
        } catch (IOException | InterruptedException cannot) {
            catcher.destroyForcibly();
            throw new AssertionError(cannot);
        }
    }
}
