/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.unwind;

import dev.ghostfd.kernel.DwarfExpression;

/** Evaluates location expressions, reading registers and the copied stack. Not thread-safe; allocates nothing. */
final class ExpressionMachine {
    /** Real expressions need four or so. */
    private static final int ROOM = 16;

    private final long[] stack = new long[ROOM];
    private int depth;
    private boolean failed;

    /** The registers of the frame that is being left. */
    interface Registers {
        boolean knows(int register);

        long value(int register);
    }

    /**
     * Evaluates; the result, if true is returned, is {@link #result}.
     *
     * @param cfa what the expression finds as canonical frame address
     */
    boolean evaluate(DwarfExpression expression, Registers registers, long cfa, StackSample memory) {
        depth = 0;
        failed = false;
        for (int i = 0; i < expression.length() && !failed; i++) {
            int operation = expression.operation(i);
            switch (operation) {
                case DwarfExpression.CONSTANT -> push(expression.operand(i));
                case DwarfExpression.CFA -> push(cfa);
                case DwarfExpression.REGISTER -> {
                    int register = expression.register(i);
                    failed |= !registers.knows(register);
                    push(failed ? 0 : registers.value(register) + expression.operand(i));
                }
                case DwarfExpression.PLUS_CONSTANT -> push(pop() + expression.operand(i));
                case DwarfExpression.DEREF -> {
                    long address = pop();
                    failed |= !memory.holds(address);
                    push(failed ? 0 : memory.word(address));
                }
                default -> calculate(operation);
            }
        }
        return !failed && depth > 0;
    }

    long result() {
        return stack[depth - 1];
    }

    /** Makes a value the result; always true, to stand in a condition. */
    boolean set(long value) {
        depth = 0;
        push(value);
        return true;
    }

    private void calculate(int operation) {
        long top = pop();
        switch (operation) {
            case DwarfExpression.DROP -> {}
            case DwarfExpression.DUP -> {
                push(top);
                push(top);
            }
            case DwarfExpression.NEG -> push(-top);
            case DwarfExpression.NOT -> push(~top);
            case DwarfExpression.SWAP -> {
                long below = pop();
                push(top);
                push(below);
            }
            default -> push(combine(operation, pop(), top));
        }
    }

    private long combine(int operation, long left, long right) {
        return switch (operation) {
            case DwarfExpression.PLUS -> left + right;
            case DwarfExpression.MINUS -> left - right;
            case DwarfExpression.MUL -> left * right;
            case DwarfExpression.AND -> left & right;
            case DwarfExpression.OR -> left | right;
            case DwarfExpression.XOR -> left ^ right;
            case DwarfExpression.SHL -> isShift(right) ? left << right : 0;
            case DwarfExpression.SHR -> isShift(right) ? left >>> right : 0;
            case DwarfExpression.SHRA -> isShift(right) ? left >> right : left >> Long.SIZE - 1;
            case DwarfExpression.EQ -> left == right ? 1 : 0;
            case DwarfExpression.NE -> left != right ? 1 : 0;
            case DwarfExpression.GE -> left >= right ? 1 : 0;
            case DwarfExpression.GT -> left > right ? 1 : 0;
            case DwarfExpression.LE -> left <= right ? 1 : 0;
            case DwarfExpression.LT -> left < right ? 1 : 0;
            default -> {
                failed = true;
                yield 0;
            }
        };
    }

    /** Java takes a shift modulo 64, DWARF does not. */
    private static boolean isShift(long by) {
        return by >= 0 && by < Long.SIZE;
    }

    private void push(long value) {
        if (depth == ROOM) {
            failed = true;
        } else {
            stack[depth++] = value;
        }
    }

    private long pop() {
        if (depth == 0) {
            failed = true;
            return 0;
        }
        return stack[--depth];
    }
}
