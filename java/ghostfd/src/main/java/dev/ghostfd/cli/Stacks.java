/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.attribution.CallSiteLookup;
import dev.ghostfd.attribution.CallSites;
import dev.ghostfd.attribution.StackSample;
import dev.ghostfd.attribution.UnwindQueue;
import dev.ghostfd.event.Event;
import dev.ghostfd.leak.StackReader;
import dev.ghostfd.leak.Tracing;
import dev.ghostfd.lifecycle.CallStack;
import dev.ghostfd.lifecycle.MadeAt;
import dev.ghostfd.lifecycle.ProcessId;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Between the consumer thread, which sees stacks, and the threads that unwind and name them. */
final class Stacks implements StackReader, AutoCloseable {
    private final Tracing tracing;
    private final UnwindQueue unwinder;
    private final CallSiteLookup lookup;

    private Stacks(Tracing tracing, Path proc) {
        this.tracing = tracing;
        this.unwinder = UnwindQueue.start(proc);
        this.lookup = CallSiteLookup.start(proc);
    }

    /** To be called before tracing is started. */
    static Stacks of(Tracing tracing, Path proc) {
        Stacks stacks = new Stacks(tracing, proc);
        tracing.readStacksWith(stacks);
        return stacks;
    }

    CallSites callSites() {
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
        unwinder.submit(
                sample,
                (_, addresses, depth) -> tracing.madeAt(new MadeAt(
                        process,
                        table,
                        fd,
                        file,
                        second,
                        secondFile,
                        Arrays.stream(addresses, 0, depth).boxed().toList())));
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
