/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Gives up every capability that tracing does not need. Capabilities belong to threads, and nobody can take them from the
 * JVM's own threads, which are there before the first line of Java. So the calling thread gives up its own and executes
 * the same program with the same arguments again: that ends all other threads, and those of the new JVM begin with what is
 * left. The pid stays the same.
 */
public final class Privileges {
    /** Environment variable: if set, nothing is given up. Set for the second JVM, so that there is never a third. */
    public static final String OVERRIDE = "GHOSTFD_PRIVILEGES";

    private static final Set<Capability> NEEDED = EnumSet.of(
            Capability.BPF,
            Capability.PERFMON,
            Capability.SYS_PTRACE,
            Capability.DAC_READ_SEARCH,
            Capability.CHECKPOINT_RESTORE);

    private static final Path PROC = Path.of("/proc/self");
    private static final int FIRST_AFTER_STDIO = 3;

    private Privileges() {}

    /** The names of what this process has of the capabilities that ghostfd knows a use for, for the log. */
    public static String describe() {
        return Capability.of(Capabilities.permitted()).toString();
    }

    /**
     * Starts this program again with fewer capabilities, unless it has no more than it needs. Call it before anything is
     * open and before other threads matter; after it nothing of this JVM goes on.
     *
     * @param lowPort whether a port below 1024 may have to be listened on
     * @return only if there was nothing to give up, or it could not be done: then why
     */
    public static Optional<String> reduce(boolean lowPort) {
        long permitted = Capabilities.permitted();
        long all = permitted | Capabilities.inheritable();
        long few = keep(permitted, lowPort);
        if (all == few || permitted == -1 || System.getenv(OVERRIDE) != null || !mountsTracefs()) {
            return Optional.empty();
        }
        Syscalls calls = new Syscalls();
        try {
            long keep = mayTrace(calls, permitted, few) ? few : few | Capability.SYS_ADMIN.bit() & permitted;
            if (all != keep) {
                startAgain(calls, keep);
            }
            return Optional.empty();
        } catch (IOException refused) {
            return Optional.of(refused.getMessage());
        }
    }

    /** The last chance to do it. Where it cannot be done, {@link Tracer#open} says why, with the privileges it takes. */
    private static boolean mountsTracefs() {
        try {
            if (Capabilities.canMount()) {
                Tracefs.ensureMounted();
            }
            return true;
        } catch (KernelException refused) {
            return false;
        }
    }

    private static long keep(long permitted, boolean lowPort) {
        Set<Capability> keep = EnumSet.copyOf(NEEDED);
        if (lowPort) {
            keep.add(Capability.NET_BIND_SERVICE);
        }
        if (!Capability.BPF.in(permitted) || !Capability.PERFMON.in(permitted)) {
            /* Given by something that knows neither. */
            keep.add(Capability.SYS_ADMIN);
        }
        return Capability.bits(keep) & permitted;
    }

    /**
     * Whether CAP_PERFMON is enough here. Where kernel.perf_event_paranoid is above 2, which is an addition of
     * distributions, some kernels want CAP_SYS_ADMIN: Debian's do.
     */
    private static boolean mayTrace(Syscalls calls, long permitted, long few) throws IOException {
        check(calls.capset(few, permitted, 0), "capset");
        int event = calls.openPerfEvent();
        check(calls.capset(permitted, permitted, 0), "capset");
        if (event >= 0) {
            Libc.close(event);
        }
        return event != -Errno.EACCES && event != -Errno.EPERM;
    }

    private static void startAgain(Syscalls calls, long keep) throws IOException {
        List<byte[]> arguments = strings("cmdline");
        List<byte[]> environment = strings("environ");
        environment.add((OVERRIDE + "=reduced").getBytes(StandardCharsets.US_ASCII));
        String program = Files.readSymbolicLink(PROC.resolve("exe")).toString();
        /* Before 5.11 maps count as locked memory, and afterwards nobody may raise the limit any more. Else no loss. */
        calls.unlimitLockedMemory();
        giveUpAllBut(calls, keep);
        closeOnExec(calls);
        check(calls.execve(program, arguments, environment), "execve " + program);
    }

    /** Of this thread, and of whatever it executes. */
    private static void giveUpAllBut(Syscalls calls, long keep) throws IOException {
        for (int number = 0; number < Long.SIZE; number++) {
            if ((keep >>> number & 1) == 0) {
                /* Fails for numbers that this kernel does not have, and without CAP_SETPCAP: no_new_privs does it too. */
                calls.prctl(Syscalls.PR_CAPBSET_DROP, number, 0);
            }
        }
        check(calls.prctl(Syscalls.PR_SET_NO_NEW_PRIVS, 1, 0), "prctl PR_SET_NO_NEW_PRIVS");
        /* Root gets what is permitted again at exec; others only what is ambient, which has to be inheritable for that. */
        boolean root = (Integer) Files.getAttribute(PROC, "unix:uid") == 0;
        check(calls.capset(keep, keep, root ? 0 : keep), "capset");
        calls.prctl(Syscalls.PR_CAP_AMBIENT, Syscalls.PR_CAP_AMBIENT_CLEAR_ALL, 0);
        for (int number = 0; !root && number < Long.SIZE; number++) {
            if ((keep >>> number & 1) != 0) {
                check(
                        calls.prctl(Syscalls.PR_CAP_AMBIENT, Syscalls.PR_CAP_AMBIENT_RAISE, number),
                        "prctl PR_CAP_AMBIENT_RAISE");
            }
        }
    }

    /** The files that this JVM has opened for itself; what it was given, a pipe from the shell say, is passed on. */
    private static void closeOnExec(Syscalls calls) throws IOException {
        Path java = Path.of(System.getProperty("java.home")).toRealPath();
        Path jar = Path.of(System.getProperty("java.class.path")).toAbsolutePath();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(PROC.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                int number = Integer.parseInt(descriptor.getFileName().toString());
                if (number >= FIRST_AFTER_STDIO && isOneOf(descriptor, java, jar)) {
                    calls.closeOnExec(number);
                }
            }
        }
    }

    private static boolean isOneOf(Path descriptor, Path java, Path jar) throws IOException {
        try {
            Path file = descriptor.toRealPath();
            return Files.isRegularFile(file) && (file.startsWith(java) || Files.isSameFile(file, jar));
        } catch (NoSuchFileException closedMeanwhileOrNoFile) {
            return false;
        }
    }

    /** What the kernel keeps of this process's start, as bytes: arguments need not be text. */
    private static List<byte[]> strings(String name) throws IOException {
        byte[] all = Files.readAllBytes(PROC.resolve(name));
        List<byte[]> strings = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i < all.length; i++) {
            if (all[i] == 0) {
                strings.add(Arrays.copyOfRange(all, begin, i));
                begin = i + 1;
            }
        }
        return strings;
    }

    private static void check(int result, String call) throws IOException {
        if (result < 0) {
            throw new IOException(call + ": " + Errno.text(-result));
        }
    }
}
