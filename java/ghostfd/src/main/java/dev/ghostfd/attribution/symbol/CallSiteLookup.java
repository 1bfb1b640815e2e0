/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import dev.ghostfd.attribution.CallSites;
import dev.ghostfd.attribution.Frame;
import dev.ghostfd.kernel.DebugFiles;
import dev.ghostfd.kernel.DebugInfo;
import dev.ghostfd.lifecycle.CallStack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link CallSites} of the processes of this machine, looked up on a daemon thread of its own. A result is kept for as long
 * as somebody keeps its stack.
 */
public final class CallSiteLookup implements CallSites, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallSiteLookup.class);
    private static final int QUEUE = 4096;
    private static final Duration IDLE = Duration.ofSeconds(5);
    private static final Duration STOP_WAIT = Duration.ofSeconds(1);

    /** libdw goes as deep as what it reads is nested. */
    private static final long STACK_BYTES = 8 << 20;

    private final BlockingQueue<CallStack> waiting;
    /** Weak keys, compared by identity, which a stack's equality is. No value yet: an empty one. */
    private final Map<CallStack, Optional<List<Frame>>> results = new WeakHashMap<>();

    private final AtomicLong dropped = new AtomicLong();
    private final StackSymbols symbols;
    private final Duration idle;
    private final Thread thread;
    private volatile boolean closed;

    CallSiteLookup(Path proc, BiFunction<Path, DebugFiles, Optional<DebugInfo>> opener, int queue, Duration idle) {
        this.symbols = new StackSymbols(proc, opener);
        this.waiting = new ArrayBlockingQueue<>(queue);
        this.idle = idle;
        this.thread = new Thread(null, this::run, "call-sites", STACK_BYTES);
        this.thread.setDaemon(true);
    }

    /**
     * Starts looking up. Without libdw, frames have module and address only.
     *
     * @param proc where procfs is mounted, of the initial pid namespace
     */
    public static CallSiteLookup start(Path proc) {
        DebugInfo.unavailable()
                .ifPresent(reason -> LOG.info(
                        "call sites show module and address only: {}; for functions and lines install elfutils' libdw"
                                + " (Debian: apt-get install libdw1)",
                        reason));
        CallSiteLookup lookup = new CallSiteLookup(proc, DebugInfo::open, QUEUE, IDLE);
        lookup.begin();
        return lookup;
    }

    void begin() {
        thread.start();
    }

    @Override
    public List<Frame> resolve(CallStack stack) {
        synchronized (results) {
            Optional<List<Frame>> known = results.get(stack);
            if (known != null) {
                return known.orElse(List.of());
            }
            if (!closed && waiting.offer(stack)) {
                results.put(stack, Optional.empty());
            } else {
                dropped.incrementAndGet();
            }
            return List.of();
        }
    }

    /** How often a stack could not be taken in because too many waited; it is taken in when it is asked for again. */
    public long dropped() {
        return dropped.get();
    }

    private void run() {
        try (symbols) {
            while (!closed) {
                CallStack stack = waiting.poll(idle.toMillis(), TimeUnit.MILLISECONDS);
                if (stack != null) {
                    look(stack);
                }
                symbols.closeUnused(idle);
            }
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(CallStack stack) {
        List<Frame> frames = List.of();
        try {
            frames = symbols.frames(stack);
        } catch (RuntimeException | LinkageError | AssertionError unexpected) {
            LOG.warn("cannot look up a call site of process {}", stack.process().pid(), unexpected);
        }
        synchronized (results) {
            results.put(stack, Optional.of(frames));
        }
    }

    /** Stops; what is known stays known. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(STOP_WAIT);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
