/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.code;

import java.nio.ByteBuffer;

/**
 * Tells return addresses from other words of a stack. Code without frame pointers leads whoever walks a stack by them to
 * anything that lies there, pointers to functions among it; but only a return address has a call in front.
 */
public final class CallInstruction {
    /** The longest call: opcode, addressing, 32-bit displacement. */
    public static final int MAX_BYTES = 7;

    private static final int X86_64 = 62;
    private static final int AARCH64 = 183;
    private static final int NEAR_CALL = 0xe8;
    private static final int NEAR_CALL_BYTES = 5;
    private static final int INDIRECT = 0xff;
    private static final int INDIRECT_CALL = 2;

    /** By ModRM's mod field, the length of opcode and ModRM and displacement; 3 is a register. */
    private static final int[] INDIRECT_BYTES = {2, 3, 6, 2};

    private static final int RIP_RELATIVE = 5;
    private static final int INDEXED = 4;
    private static final int DISPLACEMENT_BYTES = 4;

    private CallInstruction() {}

    /**
     * Whether code may end with a call, or with a system call.
     *
     * @param machine e_machine of its file; of those not known here every code may
     * @param code the {@link #MAX_BYTES} bytes before an address
     */
    public static boolean mayEnd(int machine, ByteBuffer code) {
        return switch (machine) {
            case X86_64 -> x86(code);
            case AARCH64 -> arm(Integer.reverseBytes(code.getInt(MAX_BYTES - Integer.BYTES)));
            default -> true;
        };
    }

    private static boolean x86(ByteBuffer code) {
        int last = code.getShort(MAX_BYTES - 2) & 0xffff;
        boolean systemCall = last == 0x0f05 || last == 0x0f34 || last == 0xcd80;
        return systemCall || byteBack(code, NEAR_CALL_BYTES) == NEAR_CALL || indirect(code);
    }

    /** call *ADDRESSING: wherever the opcode is, the addressing after it must reach exactly to the end. */
    private static boolean indirect(ByteBuffer code) {
        for (int back = 2; back <= MAX_BYTES; back++) {
            if (byteBack(code, back) == INDIRECT) {
                int addressing = byteBack(code, back - 1);
                int mode = addressing >> 6;
                int base = addressing & 7;
                int length = INDIRECT_BYTES[mode];
                if (mode != 3 && base == INDEXED) {
                    length++;
                }
                boolean indexOnly = base == INDEXED && back > 2 && (byteBack(code, back - 2) & 7) == RIP_RELATIVE;
                if (mode == 0 && (base == RIP_RELATIVE || indexOnly)) {
                    length += DISPLACEMENT_BYTES;
                }
                if ((addressing >> 3 & 7) == INDIRECT_CALL && length == back) {
                    return true;
                }
            }
        }
        return false;
    }

    private static int byteBack(ByteBuffer code, int back) {
        return code.get(MAX_BYTES - back) & 0xff;
    }

    /** BL, BLR and its authenticated forms, SVC. */
    private static boolean arm(int instruction) {
        return (instruction & 0xfc00_0000) == 0x9400_0000
                || (instruction & 0xfeff_f000) == 0xd63f_0000
                || (instruction & 0xffe0_001f) == 0xd400_0001;
    }
}
