/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A process's descriptors, as /proc shows them or as ghostfd lists them, in one comparable form. */
final class DescriptorTable {
    private static final int FILE_TYPE = 0170000;
    private static final int CLOSE_ON_EXEC = 02000000;
    private static final int ACCESS = 3;
    private static final String ANONYMOUS = "anon_inode:";

    private DescriptorTable() {}

    /** One line per descriptor, `pipe read 4711 cloexec`, of the given thread's table. */
    static SortedMap<Integer, String> ofProc(int pid, int tid) {
        SortedMap<Integer, String> table = new TreeMap<>();
        Path task = task(pid, tid);
        try (Stream<Path> descriptors = Files.list(task.resolve("fd"))) {
            for (Path descriptor : descriptors.toList()) {
                int fd = Integer.parseInt(descriptor.getFileName().toString());
                table.put(fd, describe(descriptor, task.resolve("fdinfo").resolve(Integer.toString(fd))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table;
    }

    /** The same from an answer of /api/v1/processes/{pid}. */
    static SortedMap<Integer, String> ofApi(JsonNode process) {
        SortedMap<Integer, String> table = new TreeMap<>();
        for (JsonNode descriptor : process.required("descriptors")) {
            String kind = descriptor.required("kind").asText();
            String end = kind.equals("pipe") || kind.equals("fifo")
                    ? " " + descriptor.required("end").asText()
                    : "";
            String previous = table.put(
                    descriptor.required("fd").asInt(),
                    kind + end + " " + descriptor.required("inode").asText());
            if (previous != null) {
                throw new AssertionError("listed twice: " + descriptor);
            }
        }
        return table;
    }

    /** The descriptors of an answer whose close-on-exec flag, where it is given, is not the kernel's. */
    static List<Integer> wrongCloseOnExec(JsonNode process, int pid, int tid) {
        List<Integer> wrong = new ArrayList<>();
        for (JsonNode descriptor : process.required("descriptors")) {
            int fd = descriptor.required("fd").asInt();
            Path info = task(pid, tid).resolve("fdinfo").resolve(Integer.toString(fd));
            try {
                boolean real = (flags(info) & CLOSE_ON_EXEC) != 0;
                if (descriptor.path("closeOnExec").asBoolean(real) != real) {
                    wrong.add(fd);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return wrong;
    }

    private static Path task(int pid, int tid) {
        return Path.of("/proc", Integer.toString(pid), "task", Integer.toString(tid));
    }

    private static String describe(Path descriptor, Path info) throws IOException {
        String target = Files.readSymbolicLink(descriptor).toString();
        int mode = (Integer) Files.getAttribute(descriptor, "unix:mode");
        String kind = kind(target, mode & FILE_TYPE, descriptor);
        String end = kind.equals("pipe") || kind.equals("fifo")
                ? switch (flags(info) & ACCESS) {
                    case 0 -> " read";
                    case 1 -> " write";
                    default -> " both";
                }
                : "";
        return kind + end + " " + Files.getAttribute(descriptor, "unix:ino");
    }

    private static String kind(String target, int type, Path descriptor) throws IOException {
        if (target.startsWith(ANONYMOUS) || target.startsWith("pidfd:")) {
            return switch (target.replaceAll("^anon_inode:|^(pidfd):.*|[\\[\\]]", "$1")) {
                case "eventfd" -> "eventfd";
                case "eventpoll" -> "eventpoll";
                case "pidfd" -> "pidfd";
                case "timerfd" -> "timerfd";
                case "signalfd" -> "signalfd";
                case "inotify" -> "inotify";
                default -> "anon";
            };
        }
        return switch (type) {
            case 0010000 -> target.startsWith("pipe:") ? "pipe" : "fifo";
            case 0020000 -> isPty(descriptor) ? "pty" : "device";
            case 0060000 -> "device";
            case 0040000 -> "directory";
            case 0140000 -> "socket";
            default -> target.startsWith("/memfd:") ? "memfd" : "file";
        };
    }

    /** Major 136 to 143 are the slaves, 5:2 is the master. */
    private static boolean isPty(Path descriptor) throws IOException {
        long device = (Long) Files.getAttribute(descriptor, "unix:rdev");
        long major = (device >> 8) & 0xfff;
        return (major >= 136 && major <= 143) || (major == 5 && (device & 0xff) == 2);
    }

    private static int flags(Path info) throws IOException {
        try (Stream<String> lines = Files.lines(info)) {
            return lines.filter(line -> line.startsWith("flags:"))
                    .mapToInt(line ->
                            Integer.parseInt(line.substring("flags:".length()).strip(), 8))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
