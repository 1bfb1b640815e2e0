/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Command lines from /proc, for --expose-args. */
final class ExposedArguments {
    /** A command line can be megabytes long; so much of it tells what runs. */
    private static final int LONGEST = 16 << 10;

    private ExposedArguments() {}

    /** Empty for a kernel thread, a zombie, and a process that is gone. */
    static Optional<List<String>> of(Path process) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(process.resolve("cmdline"))) {
            bytes = in.readNBytes(LONGEST);
        }
        List<String> arguments = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                arguments.add(new String(bytes, begin, i - begin, StandardCharsets.UTF_8));
                begin = i + 1;
            }
        }
        if (begin < bytes.length) {
            arguments.add(new String(bytes, begin, bytes.length - begin, StandardCharsets.UTF_8));
        }
        return arguments.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(arguments));
    }
}
