/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.attribution.CallSites;
import dev.ghostfd.attribution.Frame;
import dev.ghostfd.attribution.symbol.CallSiteLookup;
import dev.ghostfd.attribution.unwind.StackSample;
import dev.ghostfd.attribution.unwind.UnwindQueue;
import dev.ghostfd.event.Event;
import dev.ghostfd.leak.StackReader;
import dev.ghostfd.leak.Tracing;
import dev.ghostfd.lifecycle.CallStack;
import dev.ghostfd.lifecycle.MadeAt;
import dev.ghostfd.lifecycle.ProcessId;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Between the consumer thread, which sees stacks, and the threads that unwind and name them. */
final class Stacks implements StackReader, CallSiteReading {
    private static final long PATIENCE_NANOS = 1_000_000_000L;
    private static final long POLL_NANOS = 5_000_000L;

    private final Tracing tracing;
    private final UnwindQueue unwinder;
    private final CallSiteLookup lookup;

    /** Whether every stack is named as soon as it is known: its process may not live to be found leaking. */
    private final boolean eager;

    private Stacks(Tracing tracing, Path proc, boolean eager) {
        this.tracing = tracing;
        this.eager = eager;
        this.unwinder = UnwindQueue.start(proc);
        this.lookup = CallSiteLookup.start(proc);
    }

    /** Names what is found leaking. To be called before tracing is started. */
    static Stacks of(Tracing tracing, Path proc) {
        return reading(new Stacks(tracing, proc, false), tracing);
    }

    /** Names everything at once. To be called before tracing is started. */
    static Stacks eager(Tracing tracing, Path proc) {
        return reading(new Stacks(tracing, proc, true), tracing);
    }

    private static Stacks reading(Stacks stacks, Tracing tracing) {
        tracing.readStacksWith(stacks);
        return stacks;
    }

    /** Like {@link #callSites}, but waits for what is still being looked up, a second in all. */
    CallSites patient() {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        return stack -> {
            List<Frame> frames = lookup.resolve(stack);
            while (frames.isEmpty() && System.nanoTime() < deadline) {
                LockSupport.parkNanos(POLL_NANOS);
                frames = lookup.resolve(stack);
            }
            return frames;
        };
    }

    @Override
    public CallSites callSites() {
        return lookup;
    }

    /** Stacks that found no room to wait in. */
    long dropped() {
        return unwinder.dropped();
    }

    @Override
    public void read(Event stack, ProcessId process, int image) {
        Optional<StackSample> room = unwinder.borrow();
        if (room.isEmpty()) {
            return;
        }
        StackSample sample = room.get();
        sample.of(process, image + 1L, 0);
        sample.registers(stack.instructionPointer(), stack.stackPointer(), stack.framePointer(), stack.linkRegister());
        sample.stackBytes(stack.copyStack(sample.stack()));
        long[] walk = stack.walk();
        System.arraycopy(walk, 0, sample.walk(), 0, walk.length);
        sample.walkDepth(walk.length);
        long table = stack.table();
        int fd = stack.fd();
        long file = stack.stackFile();
        int second = stack.second();
        long secondFile = stack.secondFile();
        unwinder.submit(sample, (_, addresses, depth) -> {
            List<Long> calls = Arrays.stream(addresses, 0, depth).boxed().toList();
            tracing.madeAt(new MadeAt(process, table, fd, file, second, secondFile, calls), this::noted);
        });
    }

    private void noted(CallStack stack) {
        if (eager) {
            lookup.resolve(stack);
        }
    }

    @Override
    public void found(CallStack stack) {
        lookup.resolve(stack);
    }

    @Override
    public void close() {
        unwinder.close();
        lookup.close();
    }
}
