/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.unwind;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stacks that wait to be unwound, and the thread that does it. All room for them is allocated at the start, about
 * 300 KiB; a stack that finds none is dropped and counted. {@link #borrow}, {@link #submit} and {@link #giveBack} may be
 * called from any thread, do not wait for unwinding and allocate nothing.
 */
public final class UnwindQueue implements AutoCloseable {
    /** As many addresses as a stack has at most. */
    public static final int MOST_FRAMES = Unwinder.MOST_FRAMES;

    private static final Logger LOG = LoggerFactory.getLogger(UnwindQueue.class);
    private static final int SAMPLES = 64;
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration STOP_WAIT = Duration.ofSeconds(1);

    /** libdw goes as deep as what it reads is nested. */
    private static final long THREAD_STACK_BYTES = 8 << 20;

    private final BlockingQueue<StackSample> free = new ArrayBlockingQueue<>(SAMPLES);
    private final BlockingQueue<StackSample> waiting = new ArrayBlockingQueue<>(SAMPLES);
    private final AtomicLong dropped = new AtomicLong();
    private final long[] addresses = new long[MOST_FRAMES];
    private final Unwinder unwinder;
    private final Duration idle;
    private final Thread thread;
    private boolean complained;
    private volatile boolean closed;

    UnwindQueue(Unwinder unwinder, Duration idle) {
        this.unwinder = unwinder;
        this.idle = idle;
        for (int i = 0; i < SAMPLES; i++) {
            free.add(new StackSample());
        }
        thread = new Thread(null, this::run, "unwinder", THREAD_STACK_BYTES);
        thread.setDaemon(true);
    }

    /**
     * Starts the thread. Without libdw, the kernel's own walks are handed on, with as much added as can be guessed.
     *
     * @param proc where procfs is mounted, of the initial pid namespace
     */
    public static UnwindQueue start(Path proc) {
        UnwindQueue queue = new UnwindQueue(new Unwinder(proc, true), IDLE);
        queue.begin();
        return queue;
    }

    void begin() {
        thread.start();
    }

    /** Room for a stack, to be filled and then submitted or given back; empty, and counted as a drop, when all is in use. */
    public Optional<StackSample> borrow() {
        StackSample sample = free.poll();
        if (sample == null) {
            dropped.incrementAndGet();
            return Optional.empty();
        }
        return sample.present();
    }

    /**
     * Hands a filled sample over; it must not be touched any more. Nobody is told of what is submitted after the close, or
     * still waits then.
     *
     * @param listener is told, on the unwinder's thread
     */
    public void submit(StackSample sample, UnwoundStack listener) {
        sample.tell(listener);
        /* There is room for all samples that exist. */
        waiting.add(sample);
    }

    /** Gives back a sample that is not to be submitted after all. */
    public void giveBack(StackSample sample) {
        free.add(sample);
    }

    /** How many stacks found no room. */
    public long dropped() {
        return dropped.get();
    }

    private void run() {
        try (unwinder) {
            warmUp();
            while (!closed) {
                StackSample sample = waiting.poll(idle.toNanos(), TimeUnit.NANOSECONDS);
                if (sample == null) {
                    unwinder.rest();
                } else {
                    unwind(sample);
                }
            }
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        }
    }

    private void warmUp() {
        try {
            unwinder.warmUp();
        } catch (RuntimeException | LinkageError | AssertionError unexpected) {
            complain(unexpected);
        }
    }

    private void unwind(StackSample sample) {
        try {
            int depth = unwinder.unwind(sample, addresses);
            sample.listener().unwound(sample, addresses, depth);
        } catch (RuntimeException | LinkageError | AssertionError unexpected) {
            complain(unexpected);
        } finally {
            giveBack(sample);
        }
    }

    /** Once: what goes wrong with one stack goes wrong with thousands. */
    private void complain(Throwable unexpected) {
        if (!complained) {
            complained = true;
            LOG.warn("cannot unwind a stack; call sites will be missing, further failures are not logged", unexpected);
        }
    }

    /** Stops the thread; what it is at is finished. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(STOP_WAIT.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
