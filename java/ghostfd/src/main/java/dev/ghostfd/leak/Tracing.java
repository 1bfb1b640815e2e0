/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.event.DescriptorSnapshot;
import dev.ghostfd.event.RecordingWriter;
import dev.ghostfd.event.TaskSnapshot;
import dev.ghostfd.kernel.Tracer;
import dev.ghostfd.lifecycle.CallStack;
import dev.ghostfd.lifecycle.MadeAt;
import dev.ghostfd.lifecycle.ProcessDetail;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The consumer thread: ring to lifecycle to rules, sweeps, and the published view. Everything behind it belongs to that one
 * thread; {@link #view}, {@link #describe} and {@link #close} may be called from any.
 */
public final class Tracing implements AutoCloseable {
    /** Bytes drained before looking at anything else, so that requests are answered under load. */
    private static final long BATCH = 1 << 20;

    private static final int BUSY_WAIT_MILLIS = 1;
    private static final int IDLE_WAIT_MILLIS = 50;
    private static final long PUBLISH_INTERVAL = 1_000_000_000L;
    private static final long STOP_MILLIS = 5_000;

    /** How long a look waits for what is in the ring: on a machine without a free processor a second is not enough. */
    private static final long READ_ALL_NANOS = 15_000_000_000L;

    private final Tracer tracer;
    private final TracingOptions options;
    private final LongSupplier clock;
    private final Analysis analysis;
    private final Feed feed;
    private final Healing healing;
    private final Publisher publisher;
    private final Queue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean stopped;
    private volatile NodeView view;
    private long lastSweep;
    private long lastPublished;
    private int wait = BUSY_WAIT_MILLIS;

    /**
     * Not running yet; see {@link #start}.
     *
     * @param clock CLOCK_BOOTTIME nanoseconds
     */
    public Tracing(Tracer tracer, TracingOptions options, LongSupplier clock) {
        this(tracer, options, clock, new Analysis(options.grace(), options.growthWindow()));
    }

    private Tracing(Tracer tracer, TracingOptions options, LongSupplier clock, Analysis analysis) {
        this(tracer, options, clock, analysis, analysis);
    }

    private Tracing(Tracer tracer, TracingOptions options, LongSupplier clock, Analysis analysis, Feed feed) {
        this.tracer = tracer;
        this.options = options;
        this.clock = clock;
        this.analysis = analysis;
        this.feed = feed;
        healing = new Healing(tracer, analysis, feed, clock, options.reconcileInterval());
        publisher = new Publisher(tracer, analysis, healing);
        view = publisher.publish(clock.getAsLong());
        thread = new Thread(this::run, "consumer");
    }

    /**
     * The same, with everything it is told written to a recording. The writer stays the caller's to close, after this.
     *
     * @param clock CLOCK_BOOTTIME nanoseconds
     */
    public static Tracing recorded(
            Tracer tracer, TracingOptions options, LongSupplier clock, RecordingWriter recording) {
        Analysis analysis = new Analysis(options.grace(), options.growthWindow());
        return new Tracing(tracer, options, clock, analysis, new Recorder(recording, analysis));
    }

    /**
     * The same, with findings kept beyond the end of their processes.
     *
     * @param clock CLOCK_BOOTTIME nanoseconds
     */
    public static Tracing ofRun(Tracer tracer, TracingOptions options, LongSupplier clock, RunFindings findings) {
        return new Tracing(tracer, options, clock, findings.analysis(), findings);
    }

    public void start() {
        thread.start();
    }

    /** The newest view; never older than a second or a sweep, whichever takes longer, while the consumer lives. */
    public NodeView view() {
        return view;
    }

    /** Completes when the baseline is done: whatever happens from now on is seen. */
    public CompletableFuture<Void> begun() {
        return begun;
    }

    /** Completes, exceptionally if so, when the consumer thread has ended. */
    public CompletableFuture<Void> ended() {
        return ended;
    }

    /** Asks the consumer thread for one process; answered between two batches of events. */
    public CompletableFuture<Optional<ProcessDetail>> describe(int pid) {
        CompletableFuture<Optional<ProcessDetail>> answer = new CompletableFuture<>();
        mailbox.add(() -> answer.complete(publisher.describe(pid)));
        return answer;
    }

    /** Before {@link #start}: who finds out where descriptors are made. */
    public void readStacksWith(StackReader reader) {
        analysis.readStacksWith(reader);
    }

    /**
     * Tells where descriptors were made; from any thread.
     *
     * @param noted is told of the stack, on the consumer thread
     */
    public void madeAt(MadeAt made, Consumer<CallStack> noted) {
        mailbox.add(() -> analysis.detector().tracker().madeAt(made).ifPresent(noted));
    }

    /** Reads every event that is there by now, then sweeps; completes with the view after that. */
    public CompletableFuture<NodeView> look() {
        CompletableFuture<NodeView> answer = new CompletableFuture<>();
        mailbox.add(() -> {
            long reserved = tracer.ring().produced();
            long deadline = clock.getAsLong() + READ_ALL_NANOS;
            /* A record that a preempted producer has not finished holds up all behind it. */
            while (tracer.ring().consumed() < reserved && clock.getAsLong() < deadline) {
                if (tracer.ring().drain(feed::event, BATCH) == 0) {
                    tracer.await(BUSY_WAIT_MILLIS);
                }
            }
            sweep(clock.getAsLong());
            answer.complete(view);
        });
        return answer;
    }

    private void run() {
        try {
            healing.baseline();
            sweep(clock.getAsLong());
            begun.complete(null);
            while (!stopped) {
                turn();
            }
            ended.complete(null);
        } catch (RuntimeException | Error failure) {
            ended.completeExceptionally(failure);
        }
    }

    private void turn() {
        long drained = tracer.ring().drain(feed::event, BATCH);
        for (Runnable request = mailbox.poll(); request != null; request = mailbox.poll()) {
            request.run();
        }
        boolean changed = healing.lost();
        if (drained == 0) {
            changed |= healing.ringEmpty();
        }
        long now = clock.getAsLong();
        if (now - lastSweep >= options.sweepInterval()) {
            sweep(now);
        } else if (changed || now - lastPublished >= PUBLISH_INTERVAL) {
            publish(now);
        }
        /* Between 1 and 50 ms: short while events come, long when nothing happens. The watermark cuts it short. */
        wait = drained > 0 ? BUSY_WAIT_MILLIS : Math.min(IDLE_WAIT_MILLIS, wait * 2);
        tracer.await(drained >= BATCH ? 0 : wait);
    }

    private void sweep(long now) {
        lastSweep = now;
        healing.healIfNeeded();
        tracer.snapshots().tasks(TaskSnapshot.BYTES, feed::sweepTask);
        Set<Long> watched = analysis.detector().watchedInodes();
        if (!watched.isEmpty() || analysis.detector().wantsCandidates()) {
            tracer.snapshots().candidates(watched, DescriptorSnapshot.BYTES, feed::sweepCandidate);
        }
        feed.endSweep(now);
        tracer.ring().release();
        publish(now);
    }

    private void publish(long now) {
        lastPublished = now;
        view = publisher.publish(now);
    }

    /** Stops the consumer thread and waits for it; the tracer stays the caller's to close. */
    @Override
    public void close() {
        stopped = true;
        if (thread.isAlive()) {
            try {
                thread.join(STOP_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
