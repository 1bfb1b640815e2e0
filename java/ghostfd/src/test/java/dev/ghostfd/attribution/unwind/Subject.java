/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.unwind;

import dev.ghostfd.attribution.ProcessStat;
import dev.ghostfd.lifecycle.CallStack;
import dev.ghostfd.lifecycle.ProcessId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A running program that has told of its stacks; closing it ends it. */
public final class Subject implements AutoCloseable {
    private static final long NANOS_PER_TICK = 10_000_000L;

    private final Process process;
    private final Map<String, long[]> stacks = new HashMap<>();
    private final ProcessId id;

    private final BufferedReader told;

    private Subject(Process process) throws IOException {
        this.process = process;
        told = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        listen();
        long ticks = ProcessStat.read(Path.of("/proc"), (int) process.pid())
                .orElseThrow()
                .startTicks();
        id = new ProcessId((int) process.pid(), ticks * NANOS_PER_TICK);
    }

    private void listen() throws IOException {
        for (String line = told.readLine(); !"ready".equals(line); line = told.readLine()) {
            if (line == null) {
                throw new AssertionError("the program has ended early");
            }
            String[] words = line.split(" ", -1);
            stacks.put(
                    words[0],
                    Stream.of(words)
                            .skip(1)
                            .mapToLong(word -> word.equals("(nil)") ? 0 : Long.parseUnsignedLong(word.substring(2), 16))
                            .toArray());
        }
    }

    /** Sends a line of input and waits until the program is ready again. */
    public void goOn() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            listen();
        } catch (IOException cannot) {
            throw new AssertionError(cannot);
        }
    }

    public static Subject start(List<String> command) {
        try {
            return new Subject(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException cannot) {
            throw new AssertionError(cannot);
        }
    }

    public static Subject start(Path program) {
        return start(List.of(program.toString()));
    }

    /** A stack it has told of, as a new object each time. */
    public CallStack stack(String name) {
        return new CallStack(id, stacks.get(name));
    }

    public ProcessId id() {
        return id;
    }

    /** Ends it and waits until it is gone. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            process.waitFor();
        } catch (IOException | InterruptedException cannot) {
            process.destroyForcibly();
            throw new AssertionError(cannot);
        }
    }
}
