/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.differential;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;

/** A test program that is told what to do by lines on stdin and answers with lines on stdout. */
final class Program implements AutoCloseable {
    private static final long ANSWER_SECONDS = 60;

    /** Stands in the queue for the end of stdout. */
    private static final String END = "\0";

    private final Process process;
    private final Writer stdin;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Thread atExit = new Thread(this::kill);

    private Program(Process process) {
        this.process = process;
        this.stdin = process.outputWriter(UTF_8);
        Runtime.getRuntime().addShutdownHook(atExit);
        Thread.ofVirtual().start(this::readLines);
    }

    static Program start(List<String> command) {
        try {
            return new Program(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int pid() {
        return Math.toIntExact(process.pid());
    }

    void say(String line) {
        try {
            stdin.write(line + "\n");
            stdin.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next line of its stdout. */
    String answer() {
        try {
            String line = lines.poll(ANSWER_SECONDS, SECONDS);
            if (line == null || line.equals(END)) {
                throw new AssertionError(line == null ? "the program says nothing" : "the program has ended");
            }
            return line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Says a line and reads the answer, which must start with these words. */
    String ask(String line, String expected) {
        say(line);
        String answer = answer();
        if (!answer.startsWith(expected)) {
            throw new AssertionError("answered " + answer + " to " + line);
        }
        return answer;
    }

    /** Whether an answer waits to be read. */
    boolean hasAnswered() {
        return !lines.isEmpty();
    }

    private void readLines() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("(stdout: " + e + ")");
        } finally {
            lines.add(END);
        }
    }

    private void kill() {
        Stream.concat(process.descendants().toList().stream(), Stream.of(process.toHandle()))
                .forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        kill();
        process.onExit().join();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
