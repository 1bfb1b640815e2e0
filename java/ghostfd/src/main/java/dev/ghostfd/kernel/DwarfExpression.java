/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * A location expression of call frame information (DWARF 5, section 2.5), checked and brought to few operations: every
 * constant is {@link #CONSTANT}, every register {@link #REGISTER}. Immutable.
 */
public final class DwarfExpression {
    public static final int DEREF = 0x06;
    /** Pushes the operand. */
    public static final int CONSTANT = 0x08;

    public static final int DUP = 0x12;
    public static final int DROP = 0x13;
    public static final int SWAP = 0x16;
    public static final int AND = 0x1a;
    public static final int MINUS = 0x1c;
    public static final int MUL = 0x1e;
    public static final int NEG = 0x1f;
    public static final int NOT = 0x20;
    public static final int OR = 0x21;
    public static final int PLUS = 0x22;
    /** Adds the operand. */
    public static final int PLUS_CONSTANT = 0x23;

    public static final int SHL = 0x24;
    public static final int SHR = 0x25;
    public static final int SHRA = 0x26;
    public static final int XOR = 0x27;
    public static final int EQ = 0x29;
    public static final int GE = 0x2a;
    public static final int GT = 0x2b;
    public static final int LE = 0x2c;
    public static final int LT = 0x2d;
    public static final int NE = 0x2e;
    /** Pushes the register named by {@link #register}, plus the operand. */
    public static final int REGISTER = 0x92;

    public static final int CFA = 0x9c;

    private static final int CONST_FIRST = 0x08;
    private static final int CONST_LAST = 0x11;
    private static final int LIT0 = 0x30;
    private static final int REG0 = 0x50;
    private static final int BREG0 = 0x70;
    private static final int REGX = 0x90;
    private static final int NOP = 0x96;
    private static final int STACK_VALUE = 0x9f;
    private static final int GROUP = 32;

    /** Longer ones are of no compiler; a damaged file may claim any length. */
    private static final long MOST_OPERATIONS = 64;

    private static final long BYTES = Elfutils.OPERATION.byteSize();

    private final int[] operations;
    private final long[] operands;
    private final int[] registers;
    private int length;
    private boolean value;

    private DwarfExpression(int capacity) {
        operations = new int[capacity];
        operands = new long[capacity];
        registers = new int[capacity];
    }

    /** What libdw decoded; empty if it uses an operation that no compiler puts into call frame information. */
    static Optional<DwarfExpression> of(MemorySegment array, long count) {
        if (count <= 0 || count > MOST_OPERATIONS) {
            return Optional.empty();
        }
        DwarfExpression made = new DwarfExpression((int) count);
        for (long at = 0; at < count * BYTES; at += BYTES) {
            int atom = array.get(ValueLayout.JAVA_BYTE, at) & 0xff;
            long number = array.get(ValueLayout.JAVA_LONG, at + 8);
            long number2 = array.get(ValueLayout.JAVA_LONG, at + 16);
            if (made.value || !made.add(atom, number, number2)) {
                return Optional.empty();
            }
        }
        return made.length == 0 ? Optional.empty() : Optional.of(made);
    }

    private boolean add(int atom, long number, long number2) {
        switch (atom) {
            case DEREF,
                    DUP,
                    DROP,
                    SWAP,
                    AND,
                    MINUS,
                    MUL,
                    NEG,
                    NOT,
                    OR,
                    PLUS,
                    PLUS_CONSTANT,
                    SHL,
                    SHR,
                    SHRA,
                    XOR,
                    EQ,
                    GE,
                    GT,
                    LE,
                    LT,
                    NE,
                    CFA -> put(atom, number, 0);
            case REGISTER -> {
                return addRegister(number, number2);
            }
            case REGX -> {
                value = true;
                return addRegister(number, 0);
            }
            case STACK_VALUE -> value = true;
            case NOP -> {}
            default -> {
                return addGroup(atom, number);
            }
        }
        return true;
    }

    /** The operations that come in families of similar codes. */
    private boolean addGroup(int atom, long number) {
        if (atom >= CONST_FIRST && atom <= CONST_LAST) {
            put(CONSTANT, number, 0);
        } else if (atom >= LIT0 && atom < LIT0 + GROUP) {
            put(CONSTANT, atom - LIT0, 0);
        } else if (atom >= REG0 && atom < REG0 + GROUP) {
            /* "In that register" as a place: its value is what the caller had. */
            value = true;
            return addRegister(atom - REG0, 0);
        } else if (atom >= BREG0 && atom < BREG0 + GROUP) {
            return addRegister(atom - BREG0, number);
        } else {
            return false;
        }
        return true;
    }

    private boolean addRegister(long register, long offset) {
        if (register < 0 || register > Short.MAX_VALUE) {
            return false;
        }
        put(REGISTER, offset, (int) register);
        return true;
    }

    private void put(int operation, long operand, int register) {
        operations[length] = operation;
        operands[length] = operand;
        registers[length++] = register;
    }

    public int length() {
        return length;
    }

    public int operation(int index) {
        return operations[index];
    }

    public long operand(int index) {
        return operands[index];
    }

    public int register(int index) {
        return registers[index];
    }

    /** Whether the result is the value itself, and not the address of where it is stored. */
    public boolean isValue() {
        return value;
    }
}
