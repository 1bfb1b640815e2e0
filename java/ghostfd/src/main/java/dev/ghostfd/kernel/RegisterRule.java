/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.kernel;

/** Where a register's value in the caller is found. */
public sealed interface RegisterRule {
    /** The callee has not changed it. */
    record Kept() implements RegisterRule {}

    /** It cannot be known. For the return address: there is no caller. */
    record Lost() implements RegisterRule {}

    /** At an address, or computed, as the expression says. */
    record Told(DwarfExpression expression) implements RegisterRule {}

    RegisterRule KEPT = new Kept();
    RegisterRule LOST = new Lost();
}
