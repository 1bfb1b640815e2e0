/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * The descriptors that this process was given by whoever started it, without close-on-exec: those are the command's too. What
 * the JVM opens itself is not, and it forgets the flag for all of that.
 */
public final class GivenDescriptors {
    private static final Path OPEN = Path.of("/proc/self/fd");
    private static final int O_CLOEXEC = 02000000;
    private static final int LAST_STANDARD = 2;
    private static final Set<String> RANDOM_DEVICES = Set.of("/dev/random", "/dev/urandom");
    private static final int OCTAL = 8;

    /** Other threads open files meanwhile, and get the lowest free numbers. */
    private static final int SPARE = 64;

    private final Set<Integer> given;

    private GivenDescriptors(Set<Integer> given) {
        this.given = given;
    }

    /** To be called before anything but the JVM has opened a file. */
    public static GivenDescriptors look() {
        Set<Integer> given = new TreeSet<>();
        for (int fd : open()) {
            if (!isOwn(OPEN.resolve(Integer.toString(fd))) && !isCloseOnExec(fd)) {
                given.add(fd);
            }
        }
        return new GivenDescriptors(given);
    }

    /** Has a process that is started by posix_spawn begin with these only. */
    void closeOthers(MemorySegment actions) {
        long limit = DescriptorLimit.of((int) ProcessHandle.current().pid()).soft();
        Set<Integer> open = open();
        int last = open.stream().max(Integer::compare).orElse(LAST_STANDARD);
        /* A number that nothing has is no error below the limit. */
        for (int fd = LAST_STANDARD + 1; fd <= last || fd <= last + SPARE && fd < limit; fd++) {
            if (!given.contains(fd) && (fd < limit || open.contains(fd))) {
                int errno = LibcProcess.actionsAddclose(actions, fd);
                if (errno != 0) {
                    throw new KernelException("close the JVM's own files", errno, "");
                }
            }
        }
    }

    /** What this process has open. */
    static Set<Integer> open() {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(OPEN)) {
            Set<Integer> open = new TreeSet<>();
            for (Path descriptor : descriptors) {
                open.add(Integer.valueOf(descriptor.getFileName().toString()));
            }
            return open;
        } catch (IOException | DirectoryIteratorException unreadable) {
            throw new KernelException(
                    "list the descriptors of this process", 0, "mount /proc: " + unreadable.getMessage());
        }
    }

    private static boolean isOwn(Path descriptor) {
        try {
            Path target = Files.readSymbolicLink(descriptor);
            boolean own =
                    target.startsWith(System.getProperty("java.home")) || RANDOM_DEVICES.contains(target.toString());
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                own |= target.equals(Path.of(entry).toRealPath());
            }
            return own;
        } catch (IOException closedMeanwhile) {
            return true;
        }
    }

    private static boolean isCloseOnExec(int fd) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo", Integer.toString(fd)))) {
                if (line.startsWith("flags:")) {
                    return (Integer.parseInt(line.substring("flags:".length()).strip(), OCTAL) & O_CLOEXEC) != 0;
                }
            }
            return false;
        } catch (IOException closedMeanwhile) {
            return true;
        }
    }
}
