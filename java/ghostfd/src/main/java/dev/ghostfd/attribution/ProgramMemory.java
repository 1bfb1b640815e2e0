/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import dev.ghostfd.attribution.container.Container;
import dev.ghostfd.lifecycle.ProcessId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Remembers which programs processes ran, past their end: looked up on a thread of its own as soon as it is told that they
 * run. For the processes told of last; all else is asked of the {@link Attribution} behind it. Thread-safe.
 */
public final class ProgramMemory implements Attribution, AutoCloseable {
    private static final int CAPACITY = 1 << 14;
    private static final int QUEUE = 1 << 12;

    private final Attribution behind;
    private final BlockingQueue<Start> waiting = new ArrayBlockingQueue<>(QUEUE);
    private final Map<ProcessId, Program> programs = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ProcessId, Program> eldest) {
            return size() > CAPACITY;
        }
    };
    private final Thread thread = Thread.ofPlatform().name("programs").daemon().unstarted(this::run);

    private record Program(String executable, Language language) {}

    private record Start(ProcessId process, Optional<ProcessId> parent) {}

    private ProgramMemory(Attribution behind) {
        this.behind = behind;
    }

    /** Remembers nothing yet. */
    public static ProgramMemory of(Attribution behind) {
        ProgramMemory memory = new ProgramMemory(behind);
        memory.thread.start();
        return memory;
    }

    /**
     * A process runs another program. Does not wait; where too much happens at once, some are not remembered.
     *
     * @param parent by whose fork it came, still with that one's program; empty after an exec
     */
    public void runs(ProcessId process, Optional<ProcessId> parent) {
        var _ = waiting.offer(new Start(process, parent));
    }

    private void run() {
        try {
            while (true) {
                look(waiting.take());
            }
        } catch (InterruptedException closing) {
            /* The only one who interrupts is close(). */
        }
    }

    private void look(Start start) {
        Optional<Program> inherited = start.parent().flatMap(this::remembered);
        Optional<Program> program = inherited.isPresent()
                ? inherited
                : behind.executable(start.process()).map(name -> new Program(name, behind.language(start.process())));
        synchronized (programs) {
            /* What it ran before its exec is not what leaked, even if that was too short to be seen. */
            programs.remove(start.process());
            program.ifPresent(found -> programs.put(start.process(), found));
        }
    }

    private Optional<Program> remembered(ProcessId process) {
        synchronized (programs) {
            return Optional.ofNullable(programs.get(process));
        }
    }

    @Override
    public Optional<String> executable(ProcessId process) {
        return remembered(process).map(Program::executable).or(() -> behind.executable(process));
    }

    @Override
    public Language language(ProcessId process) {
        return remembered(process).map(Program::language).orElseGet(() -> behind.language(process));
    }

    @Override
    public Optional<String> cgroupPath(long cgroup) {
        return behind.cgroupPath(cgroup);
    }

    @Override
    public Optional<Container> container(long cgroup) {
        return behind.container(cgroup);
    }

    @Override
    public boolean isPending(long cgroup) {
        return behind.isPending(cgroup);
    }

    @Override
    public Workload workload(String comm, long cgroup) {
        return behind.workload(comm, cgroup);
    }

    @Override
    public Optional<List<String>> arguments(ProcessId process) {
        return behind.arguments(process);
    }

    @Override
    public Optional<Boolean> closeOnExec(ProcessId process, int fd) {
        return behind.closeOnExec(process, fd);
    }

    @Override
    public Optional<String> threadName(int tid, long livedAt) {
        return behind.threadName(tid, livedAt);
    }

    @Override
    public Optional<BlockedThread> blockedOn(ProcessId process, int fd) {
        return behind.blockedOn(process, fd);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
