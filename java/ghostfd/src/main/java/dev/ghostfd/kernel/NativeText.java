/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Text that native code points to and that comes from files anybody may have written. */
@SuppressWarnings("restricted") // this package is where native code is called
final class NativeText {
    /** Longer than the longest path, and than any name worth reading. */
    private static final int LIMIT = 4096;

    private NativeText() {}

    /** Up to the zero byte or the limit, without control characters; empty for NULL. */
    static String at(MemorySegment pointer) {
        if (pointer.equals(MemorySegment.NULL)) {
            return "";
        }
        MemorySegment bytes = pointer.reinterpret(LIMIT);
        int length = 0;
        while (length < LIMIT && bytes.get(JAVA_BYTE, length) != 0) {
            length++;
        }
        byte[] text = bytes.asSlice(0, length).toArray(JAVA_BYTE);
        return new String(text, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
    }
}
