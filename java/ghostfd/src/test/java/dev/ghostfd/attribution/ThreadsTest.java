/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.attribution.code.Architecture;
import dev.ghostfd.lifecycle.ProcessId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads of a procfs that the test makes; the numbers of system calls are those of the machine. */
class ThreadsTest {
    private static final ProcessId AGENT = new ProcessId(42, 1_000_000_000L);
    private static final boolean GENERIC = Architecture.current().equals(Architecture.AARCH64);
    private static final int READ = GENERIC ? 63 : 0;
    private static final int EPOLL_PWAIT = GENERIC ? 22 : 281;
    private static final int FUTEX = GENERIC ? 98 : 202;

    @TempDir
    private Path proc;

    private Threads threads;

    @BeforeEach
    void begin() {
        threads = new Threads(proc);
    }

    private void thread(int tid, String comm, String syscall) throws IOException {
        Path task = Files.createDirectories(proc.resolve("42/task/" + tid));
        Files.writeString(task.resolve("comm"), comm + "\n");
        Files.writeString(task.resolve("syscall"), syscall + "\n");
    }

    private static String call(int number, int fd) {
        return number + " 0x" + Integer.toHexString(fd) + " 0x7f0000 0x10 0x0 0x0 0x0 0x7ffe00 0x7f1000";
    }

    @Test
    void tellsWhoReadsADescriptor() throws IOException {
        thread(42, "agent", call(FUTEX, 7));
        thread(43, "reader", call(READ, 7));

        assertThat(threads.blockedOn(AGENT, 7)).contains(new BlockedThread(43, "reader", "read"));
        assertThat(threads.blockedOn(AGENT, 8)).isEmpty();
    }

    @Test
    void leavesOutThreadsThatRunOrSleepElsewhere() throws IOException {
        thread(42, "agent", "running");
        thread(43, "timer", "-1 0x7ffe00 0x7f1000");
        thread(44, "waiter", call(FUTEX, 7));
        thread(45, "loop", call(EPOLL_PWAIT, 7));

        assertThat(threads.blockedOn(AGENT, 7)).isEmpty();
    }

    @Test
    void looksAgainOnlyAfterAWhile() throws IOException {
        thread(42, "agent", call(READ, 7));
        assertThat(threads.blockedOn(AGENT, 7)).isPresent();

        thread(42, "agent", "running");

        assertThat(threads.blockedOn(AGENT, 7)).isPresent();
    }

    @Test
    void knowsNothingOfAProcessThatIsGone() {
        assertThat(threads.blockedOn(AGENT, 7)).isEmpty();
        assertThat(threads.name(43, 2_000_000_000L)).isEmpty();
    }

    @Test
    void namesAThreadThatLivedThenAndNotALaterOne() throws IOException {
        Path task = Files.createDirectories(proc.resolve("43"));
        Files.writeString(task.resolve("comm"), "worker 1\n");
        Files.writeString(task.resolve("stat"), "43 (worker 1) S" + " 0".repeat(18) + " 150" + " 0".repeat(30) + "\n");

        assertThat(threads.name(43, 1_500_000_000L)).contains("worker 1");
        assertThat(threads.name(43, 1_400_000_000L)).isEmpty();
    }
}
