/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A program that has a pid before it runs: a shell that waits for {@link #release} and then execs it. So a daemon can be
 * scoped to that pid and be ready before the program makes its first descriptor.
 */
final class ScopeRoot implements AutoCloseable {
    private static final Pattern ANNOUNCED = Pattern.compile("^(?:HOLDER|READY) pid=(\\d+)");

    /** Stands in the queue for the end of stdout. */
    private static final String END = "\0";

    private final Process process;
    private final Writer stdin;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> unread = new LinkedBlockingQueue<>();
    private final Set<ProcessHandle> members = ConcurrentHashMap.newKeySet();

    private ScopeRoot(Process process) {
        this.process = process;
        this.stdin = process.outputWriter(UTF_8);
        Thread.ofVirtual().start(this::readLines);
    }

    /** Starts the shell; the program does not run yet. */
    static ScopeRoot waitingToRun(String... command) {
        List<String> shell =
                new ArrayList<>(List.of("sh", "-c", "ulimit -n \"$(ulimit -H -n)\"; read -r go && exec \"$@\"", "sh"));
        shell.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(shell)
                .redirectError(Workbench.folder("logs").resolve("programs.err").toFile());
        builder.environment().put("PATH", Workbench.searchPath());
        try {
            return new ScopeRoot(StartedProcesses.start(builder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the program at once. */
    static ScopeRoot running(String... command) {
        ScopeRoot root = waitingToRun(command);
        root.release();
        return root;
    }

    int pid() {
        return Math.toIntExact(process.pid());
    }

    String scope() {
        return "--pid=" + pid();
    }

    /** Lets the program start. */
    void release() {
        send("go");
    }

    /** A line on the program's stdin. */
    void send(String line) {
        try {
            stdin.write(line + "\n");
            stdin.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next line of its stdout, in order; empty at its end. */
    Optional<String> nextLine() {
        try {
            String line = unread.poll(20, SECONDS);
            if (line == null) {
                throw new AssertionError("the program says nothing; so far: " + lines);
            }
            return line.equals(END) ? Optional.empty() : Optional.of(line);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits for a line in which the pattern occurs, reading past others. */
    MatchResult awaitLine(String pattern, Duration atMost) {
        Pattern wanted = Pattern.compile(pattern);
        long deadline = System.nanoTime() + atMost.toNanos();
        try {
            for (; ; ) {
                String line = unread.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (line == null || line.equals(END)) {
                    throw new AssertionError("no line with " + pattern + " in " + lines);
                }
                var matcher = wanted.matcher(line);
                if (matcher.find()) {
                    return matcher.toMatchResult();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits for `READY pid=P` and returns P. */
    int awaitReady(Duration atMost) {
        return Integer.parseInt(awaitLine("^READY pid=(\\d+)", atMost).group(1));
    }

    /** All lines so far. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    /** Every pid that has been seen to belong to the program: its descendants and what it announced. */
    Set<Integer> pids() {
        noteMembers();
        Set<Integer> pids = new TreeSet<>();
        pids.add(pid());
        members.forEach(member -> pids.add((int) member.pid()));
        return pids;
    }

    private void noteMembers() {
        process.descendants().forEach(members::add);
    }

    private void readLines() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                var announced = ANNOUNCED.matcher(line);
                if (announced.find()) {
                    ProcessHandle.of(Long.parseLong(announced.group(1))).ifPresent(members::add);
                }
                lines.add(line);
                unread.add(line);
            }
        } catch (IOException e) {
            lines.add("(stdout: " + e + ")");
        } finally {
            unread.add(END);
        }
    }

    /** Whether it has exited, or could not be started. */
    boolean hasEnded() {
        return !process.isAlive();
    }

    /** Ends the program and waits until it is gone. */
    void kill() {
        noteMembers();
        StartedProcesses.kill(process);
        members.forEach(ProcessHandle::destroyForcibly);
        try {
            if (!process.waitFor(10, SECONDS)) {
                throw new AssertionError("process " + pid() + " survives SIGKILL");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
