/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.code;

/**
 * What unwinding needs to know of a processor.
 *
 * @param instructionPointer by DWARF's number, as all registers here, from the supplement to the processor's ABI
 * @param linkRegister in which a call leaves the return address; {@link #NONE} where it is pushed
 * @param addressMask which bits of a return address count: pointer authentication signs the others
 */
public record Architecture(
        int instructionPointer, int stackPointer, int framePointer, int linkRegister, long addressMask) {
    static final int NONE = -1;
    public static final Architecture X86_64 = new Architecture(16, 7, 6, NONE, -1L);
    public static final Architecture AARCH64 = new Architecture(32, 31, 29, 30, (1L << 48) - 1);

    /** The one this JVM, and so everything it can see, runs on. */
    public static Architecture current() {
        return System.getProperty("os.arch").equals("aarch64") ? AARCH64 : X86_64;
    }

    public boolean hasLinkRegister() {
        return linkRegister != NONE;
    }
}
