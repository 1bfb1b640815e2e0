/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.differential;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A descriptor table as /proc shows it, and as ghostfd does: what stands behind each number, in the same words. */
final class Tables {
    private static final int FILE_TYPE = 0170000;
    private static final Pattern WITH_INODE = Pattern.compile("(pipe|socket):\\[(\\d+)]");
    private static final Pattern ANONYMOUS = Pattern.compile("anon_inode:\\[?([^\\]]*)]?");

    private Tables() {}

    /** The kernel's, of a thread. */
    static SortedMap<Integer, String> ofKernel(int pid, int tid) {
        SortedMap<Integer, String> table = new TreeMap<>();
        try (Stream<Path> descriptors = Files.list(descriptors(pid, tid))) {
            for (Path descriptor : descriptors.toList()) {
                table.put(Integer.parseInt(descriptor.getFileName().toString()), describe(descriptor));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table;
    }

    static Path descriptors(int pid, int tid) {
        return Path.of("/proc", Integer.toString(pid), "task", Integer.toString(tid), "fd");
    }

    /** The same from an answer of /api/v1/processes/{pid}. */
    static SortedMap<Integer, String> ofAnswer(JsonNode process) {
        SortedMap<Integer, String> table = new TreeMap<>();
        for (JsonNode descriptor : process.required("descriptors")) {
            String kind = descriptor.required("kind").asText();
            boolean withInode = kind.equals("pipe") || kind.equals("socket");
            String words = withInode ? kind + " " + descriptor.required("inode").asLong() : kind;
            if (table.put(descriptor.required("fd").asInt(), words) != null) {
                throw new AssertionError("listed twice: " + descriptor);
            }
        }
        return table;
    }

    private static String describe(Path descriptor) throws IOException {
        String target = Files.readSymbolicLink(descriptor).toString();
        Matcher withInode = WITH_INODE.matcher(target);
        if (withInode.matches()) {
            return withInode.group(1) + " " + withInode.group(2);
        }
        Matcher anonymous = ANONYMOUS.matcher(target);
        if (anonymous.matches()) {
            return switch (anonymous.group(1)) {
                case "eventfd", "eventpoll", "timerfd", "signalfd", "inotify", "fanotify", "userfaultfd", "pidfd" ->
                    anonymous.group(1);
                case "perf_event" -> "perf_event";
                case "bpf-map" -> "bpf";
                default -> "anon";
            };
        }
        if (target.startsWith("pidfd:")) {
            return "pidfd";
        }
        return switch ((Integer) Files.getAttribute(descriptor, "unix:mode") & FILE_TYPE) {
            case 0010000 -> "fifo";
            case 0020000 -> target.endsWith("ptmx") || target.startsWith("/dev/pts/") ? "pty" : "device";
            case 0040000 -> "directory";
            default -> target.startsWith("/memfd:") ? "memfd" : "file";
        };
    }
}
