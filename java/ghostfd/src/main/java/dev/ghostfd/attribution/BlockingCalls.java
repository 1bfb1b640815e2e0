/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import dev.ghostfd.attribution.code.Architecture;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * System calls that sleep until something happens at the descriptor that is their first argument, by number. Not poll and
 * its like: an event loop waits for all that it has at all times, which tells nothing of any one.
 */
final class BlockingCalls {
    private static final Map<Integer, String> X86_64 = numbered(
            "0 read, 1 write, 16 ioctl, 17 pread64, 19 readv, 20 writev, 43 accept, 44 sendto, 45 recvfrom, 46 sendmsg, 47"
                    + " recvmsg, 72 fcntl, 73 flock, 275 splice, 288 accept4, 299 recvmmsg,"
                    + " 307 sendmmsg");

    /** The numbers of asm-generic/unistd.h. */
    private static final Map<Integer, String> GENERIC = numbered(
            "25 fcntl, 29 ioctl, 32 flock, 63 read, 64 write, 65 readv, 66 writev, 67 pread64, 76 splice, 202"
                    + " accept, 206 sendto, 207 recvfrom, 211 sendmsg, 212 recvmsg, 242 accept4, 243 recvmmsg, 269 sendmmsg");

    private BlockingCalls() {}

    private static Map<Integer, String> numbered(String table) {
        Map<Integer, String> names = new HashMap<>();
        for (String entry : table.split(", *", -1)) {
            String[] pair = entry.split(" ", -1);
            names.put(Integer.parseInt(pair[0]), pair[1]);
        }
        return Map.copyOf(names);
    }

    /** Of this machine's programs. */
    static Optional<String> name(int number) {
        boolean generic = Architecture.current().equals(Architecture.AARCH64);
        return Optional.ofNullable((generic ? GENERIC : X86_64).get(number));
    }
}
