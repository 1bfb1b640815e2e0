/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.unwind;

import dev.ghostfd.attribution.code.Architecture;
import dev.ghostfd.kernel.FrameRow;
import dev.ghostfd.kernel.RegisterRule;

/**
 * The registers of one frame of a copied stack, and how to get to its caller's. Each step leads up the stack, so that a walk
 * always ends. Not thread-safe; allocates nothing.
 */
final class FrameCursor implements ExpressionMachine.Registers {
    /** What a step led to. */
    enum Step {
        /** The caller: {@link #address} returns there. */
        CALLER,
        /** Nothing: the frame was the outermost. */
        OUTERMOST,
        /** The caller, if there is one, cannot be told: the copy ends here, or what it holds makes no sense. */
        UNKNOWN
    }

    /** Those of DWARF's numbers that a rule can be about: 31 and the stack pointer on aarch64. */
    private static final int REGISTERS = 32;

    private final Architecture architecture;
    private final ExpressionMachine machine = new ExpressionMachine();
    private StackSample sample = new StackSample();
    private long[] values = new long[REGISTERS];
    private long[] callers = new long[REGISTERS];
    /** A bit for each register that is known. */
    private int known;

    private int callersKnown;
    private long address;
    private boolean innermost;
    private boolean interrupted;

    FrameCursor(Architecture architecture) {
        this.architecture = architecture;
    }

    /** Stands on the innermost frame of a sample. */
    void start(StackSample start) {
        sample = start;
        known = 0;
        address = start.ip();
        set(architecture.stackPointer(), start.sp());
        set(architecture.framePointer(), start.fp());
        if (architecture.hasLinkRegister() && start.link() != StackSample.UNKNOWN) {
            set(architecture.linkRegister(), start.link());
        }
        innermost = true;
        interrupted = true;
    }

    private void set(int register, long value) {
        values[register] = value;
        known |= 1 << register;
    }

    @Override
    public boolean knows(int register) {
        return register == architecture.instructionPointer() || register < REGISTERS && (known & 1 << register) != 0;
    }

    @Override
    public long value(int register) {
        return register == architecture.instructionPointer() ? address : values[register];
    }

    /** Where this frame goes on: the instruction pointer, for all but the innermost a return address. */
    long address() {
        return address;
    }

    /** An address inside the instruction that this frame is at: a return address may be past the end of its function. */
    long within() {
        return interrupted ? address : address - 1;
    }

    /** Steps to the caller as call frame information says. */
    Step step(FrameRow row) {
        if (!machine.evaluate(row.cfa(), this, 0, sample)) {
            return Step.UNKNOWN;
        }
        long cfa = machine.result();
        if (!leadsUp(cfa)) {
            return Step.UNKNOWN;
        }
        RegisterRule ofReturn = row.rule(row.returnRegister());
        if (ofReturn instanceof RegisterRule.Lost) {
            return Step.OUTERMOST;
        }
        if (!find(ofReturn, row.returnRegister(), cfa)) {
            return Step.UNKNOWN;
        }
        final long returnsTo = machine.result() & architecture.addressMask();
        callersKnown = 0;
        for (int register = 0; register < REGISTERS; register++) {
            if (find(row.rule(register), register, cfa)) {
                callers[register] = machine.result();
                callersKnown |= 1 << register;
            }
        }
        enter(cfa, returnsTo, row.signal());
        return returnsTo == 0 ? Step.OUTERMOST : Step.CALLER;
    }

    /** Steps as if the function had saved its caller's frame pointer and set its own, as Go and JIT compilers do. */
    Step stepByFramePointer() {
        if (!knows(architecture.framePointer())) {
            return Step.UNKNOWN;
        }
        long fp = values[architecture.framePointer()];
        long cfa = fp + 2 * Long.BYTES;
        if (!leadsUp(cfa) || !sample.holds(fp) || !sample.holds(fp + Long.BYTES)) {
            return Step.UNKNOWN;
        }
        long returnsTo = sample.word(fp + Long.BYTES) & architecture.addressMask();
        callers[architecture.framePointer()] = sample.word(fp);
        callersKnown = 1 << architecture.framePointer();
        enter(cfa, returnsTo, false);
        return returnsTo == 0 ? Step.OUTERMOST : Step.CALLER;
    }

    /**
     * Where the innermost function returns to if it has no frame of its own, as wrappers of system calls; 0 if that is not
     * known. Whether it is a return address at all is not checked.
     */
    long leafReturn() {
        if (architecture.hasLinkRegister()) {
            return sample.link() & architecture.addressMask();
        }
        return sample.holds(sample.sp()) ? sample.word(sample.sp()) : 0;
    }

    /** Steps from an innermost function that has no frame of its own. */
    Step stepFromLeaf() {
        long pushed = architecture.hasLinkRegister() ? 0 : Long.BYTES;
        callers[architecture.framePointer()] = values[architecture.framePointer()];
        callersKnown = 1 << architecture.framePointer();
        enter(sample.sp() + pushed, leafReturn(), false);
        return Step.CALLER;
    }

    private boolean leadsUp(long cfa) {
        long sp = values[architecture.stackPointer()];
        boolean leaf = innermost && architecture.hasLinkRegister();
        return (cfa & Long.BYTES - 1) == 0 && (Long.compareUnsigned(cfa, sp) > 0 || leaf && cfa == sp);
    }

    /** A register's value in the caller; false if it cannot be told. */
    private boolean find(RegisterRule rule, int register, long cfa) {
        return switch (rule) {
            case RegisterRule.Lost _ -> false;
            case RegisterRule.Kept _ -> knows(register) && machine.set(value(register));
            case RegisterRule.Told told -> {
                if (!machine.evaluate(told.expression(), this, cfa, sample)) {
                    yield false;
                }
                if (told.expression().isValue()) {
                    yield true;
                }
                yield sample.holds(machine.result()) && machine.set(sample.word(machine.result()));
            }
        };
    }

    private void enter(long cfa, long returnsTo, boolean afterSignal) {
        long[] left = values;
        values = callers;
        callers = left;
        known = callersKnown;
        set(architecture.stackPointer(), cfa);
        address = returnsTo;
        innermost = false;
        interrupted = afterSignal;
    }
}
