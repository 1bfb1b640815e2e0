/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ghostfd.e2e.Workbench.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong is said in one line that tells what to do, with the status that scripts expect. */
class BadInputIT {
    private static final int FAILURE = 1;
    private static final int BAD_USAGE = 2;
    private static final String OBJECT = "dev/ghostfd/kernel/ghostfd.bpf.o";

    private static ScopeRoot observed;

    @BeforeAll
    static void startSomethingToObserve() {
        observed = ScopeRoot.running("sleep", "300");
    }

    @AfterAll
    static void stopIt() {
        observed.close();
    }

    @ParameterizedTest
    @CsvSource({
        "--grace=banana, --grace, banana",
        "--grace=-1s, --grace, -1s",
        "--sweep-interval=0s, --sweep-interval, between",
        "--ring-buffer=3000, --ring-buffer, 3000",
        "--ring-buffer=1e9, --ring-buffer, 1e9",
        "--web.listen-address=nowhere, --web.listen-address, nowhere",
        "--pid=init, --pid, init",
        "--no-such-option, --no-such-option, --no-such-option",
    })
    void refusesOptionsThatMakeNoSense(String option, String name, String value) {
        // Twice the same option would be another mistake: the address is left out when it is what is tried.
        String address = "--web.listen-address=127.0.0.1:" + GhostfdProcess.freePort();
        List<String> arguments = new ArrayList<>(List.of("daemon", observed.scope(), address, option));
        if (name.equals("--web.listen-address")) {
            arguments.remove(address);
        }
        Outcome outcome = Outcome.of(Workbench.ghostfd(arguments.toArray(String[]::new)));
        assertOneLine(outcome, BAD_USAGE, name, value);
    }

    @Test
    void refusesUnknownCommands() {
        assertOneLine(Outcome.of(Workbench.ghostfd("deamon")), BAD_USAGE, "deamon");
    }

    @Test
    void saysThatTheProcessToObserveIsGone() {
        int pid;
        try (ScopeRoot gone = ScopeRoot.running("true")) {
            pid = gone.pid();
        }
        assertOneLine(Outcome.of(Workbench.ghostfd("scan", "--pid=" + pid)), BAD_USAGE, Integer.toString(pid));
    }

    @Test
    void saysWhenThePortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            Outcome outcome =
                    Outcome.of(Workbench.ghostfd("daemon", observed.scope(), "--web.listen-address=" + address));
            assertOneLine(outcome, FAILURE, Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void saysThatItNeedsRoot() throws IOException {
        Workbench.need("setpriv");
        // The build's own folders may be closed to others.
        Path open = Files.createTempDirectory("ghostfd-e2e");
        Path jar = Files.copy(Workbench.JAR, open.resolve("ghostfd.jar"), StandardCopyOption.REPLACE_EXISTING);
        try {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
            List<String> nobody =
                    List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs");
            List<String> ghostfd = new ArrayList<>(daemon());
            ghostfd.set(ghostfd.indexOf(Workbench.JAR.toString()), jar.toString());
            if (Outcome.of(concat(nobody, List.of(ghostfd.getFirst(), "-version")))
                            .exit()
                    != 0) {
                Workbench.skip("this JVM may be run by root only");
            }
            assertOneLine(Outcome.of(concat(nobody, ghostfd)), FAILURE, "root");
        } finally {
            Files.delete(jar);
            Files.delete(open);
        }
    }

    @Test
    void saysThatTheKernelHasNoBtf() {
        Outcome outcome = Outcome.of(daemon(), Map.of("GHOSTFD_BTF", "/nonexistent/vmlinux"), 1);
        assertOneLine(outcome, FAILURE, "BTF", "/nonexistent/vmlinux");
    }

    @Test
    void saysThatLibbpfIsMissing() {
        Outcome outcome = Outcome.of(daemon(), Map.of("GHOSTFD_LIBBPF", "/nonexistent/libbpf.so.1"), 1);
        assertOneLine(outcome, FAILURE, "libbpf");
    }

    @ParameterizedTest
    @CsvSource({"0", "64", "1000", "20000"})
    void saysThatTheObjectIsTruncated(int length) throws IOException {
        byte[] object = Files.readAllBytes(Workbench.unpacked(OBJECT));
        assertThat(length).isLessThan(object.length);
        Path truncated = Workbench.folder("programs").resolve("truncated-" + length + ".bpf.o");
        Files.write(truncated, Arrays.copyOf(object, length));

        Outcome outcome = Outcome.of(daemon(), Map.of("GHOSTFD_OBJECT", truncated.toString()), 1);
        assertOneLine(outcome, FAILURE, "object");
    }

    @Test
    void saysThatTracefsCannotBeMounted() {
        Workbench.need("unshare");
        Workbench.need("setpriv");
        String mayNotMount = """
                for mounted in /sys/kernel/debug/tracing /sys/kernel/tracing /sys/kernel/debug; do
                    while umount "$mounted" 2>/dev/null; do :; done
                done
                exec setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin "$@"
                """;
        Outcome outcome = Outcome.of(concat(List.of("unshare", "--mount", "sh", "-c", mayNotMount, "sh"), daemon()));
        assertOneLine(outcome, FAILURE, "tracefs");
    }

    @Test
    void saysThatTheKernelHasNoTracefs() {
        Workbench.need("unshare");
        String noMountPoint = """
                set -e
                mount -t tmpfs tmpfs /mnt
                mkdir /mnt/btf
                cp /sys/kernel/btf/vmlinux /mnt/btf/
                mount -o remount,ro /mnt
                mount --bind /mnt /sys/kernel
                exec "$@"
                """;
        Outcome outcome = Outcome.of(concat(List.of("unshare", "--mount", "sh", "-c", noMountPoint, "sh"), daemon()));
        assertOneLine(outcome, FAILURE, "tracefs");
    }

    @Test
    void saysThatJavaIsTooOld() throws IOException {
        Optional<Path> java = Workbench.oldJava().findFirst();
        if (java.isEmpty()) {
            Workbench.skip("no JVM below 22 in /usr/lib/jvm");
        }
        Outcome outcome = Outcome.of(
                List.of(java.orElseThrow().toString(), "-jar", Workbench.JAR.toString(), "daemon", observed.scope()));
        assertOneLine(outcome, FAILURE, "Java 22");
    }

    private static List<String> daemon() {
        return Workbench.ghostfd(
                "daemon", observed.scope(), "--web.listen-address=127.0.0.1:" + GhostfdProcess.freePort());
    }

    private static List<String> concat(List<String> first, List<String> second) {
        List<String> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }

    private static void assertOneLine(Outcome outcome, int exit, String... named) {
        assertThat(outcome.err().strip().lines()).as("lines on stderr").hasSize(1);
        assertThat(outcome.err()).contains(named).doesNotContain("\tat ");
        assertThat(outcome.err()).doesNotContainPattern("\\b[a-z]+(\\.[a-z]+)+\\.[A-Z]\\w+(Exception|Error)\\b");
        assertThat(outcome.exit()).as(outcome.err()).isEqualTo(exit);
        assertThat(outcome.out()).as("stdout").isEmpty();
    }
}
