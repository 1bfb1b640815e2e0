/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli.top;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Asks the daemon again and again on a thread of its own, so that keys are obeyed while it does not answer. */
final class Poller {
    private final DaemonApi api;
    private final Duration interval;
    private final Consumer<Event> events;
    private final Semaphore wake = new Semaphore(0);
    private volatile Screen.Query query;

    Poller(DaemonApi api, Duration interval, Screen.Query query, Consumer<Event> events) {
        this.api = api;
        this.interval = interval;
        this.query = query;
        this.events = events;
    }

    void start() {
        Thread.ofPlatform().daemon().name("ghostfd-poller").start(this::run);
    }

    /** Asks for this from now on, and at once if it is something else than before. */
    void ask(Screen.Query wanted) {
        if (!wanted.equals(query)) {
            query = wanted;
            wake.release();
        }
    }

    private void run() {
        try {
            while (true) {
                events.accept(answer());
                if (wake.tryAcquire(interval.toNanos(), TimeUnit.NANOSECONDS)) {
                    wake.drainPermits();
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private Event answer() throws InterruptedException {
        try {
            Screen.Query asked = query;
            return new Event.Answered(api.look(asked.view(), asked.sort(), asked.limit()));
        } catch (IOException failed) {
            return new Event.Failed(failed.getMessage());
        }
    }
}
