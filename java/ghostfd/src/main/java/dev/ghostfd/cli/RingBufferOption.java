/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.kernel.PageSize;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What the kernel demands of a ring buffer's size. */
final class RingBufferOption {
    private static final long LARGEST = 1L << 30;

    private RingBufferOption() {}

    static void check(CommandSpec command, ByteSize size) {
        long page = PageSize.bytes();
        if (Long.bitCount(size.bytes()) != 1 || size.bytes() < page || size.bytes() > LARGEST) {
            throw new ParameterException(
                    command.commandLine(),
                    "Invalid value for option '--ring-buffer': " + size.bytes() + " bytes is not a power of two from "
                            + (page >> 10) + "KiB to 1GiB");
        }
    }
}
