/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

import java.util.List;

/**
 * How to get from a frame to its caller, at one address of its code.
 *
 * @param cfa the canonical frame address: the caller's stack pointer
 * @param returnRegister the number of the register whose rule leads to the return address
 * @param signal whether this is a signal's trampoline: the address it returns to is the very instruction that was
 *     interrupted, and not one behind a call
 * @param rules by DWARF register number
 */
public record FrameRow(DwarfExpression cfa, int returnRegister, boolean signal, List<RegisterRule> rules) {
    /** The rule for a register; lost for those that nobody tracks. */
    public RegisterRule rule(int register) {
        return register < rules.size() ? rules.get(register) : RegisterRule.LOST;
    }
}
