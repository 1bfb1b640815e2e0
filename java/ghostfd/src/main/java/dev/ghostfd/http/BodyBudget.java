/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import java.util.concurrent.atomic.AtomicLong;

/** Memory for answers that are being made or waiting for their reader. Thread-safe. */
final class BodyBudget {
    private final long capacity;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    BodyBudget(long capacity) {
        this.capacity = capacity;
    }

    void take(long bytes) {
        if (used.addAndGet(bytes) > capacity) {
            used.addAndGet(-bytes);
            refused.incrementAndGet();
            throw HttpError.unavailable("too much is being asked for at once; ask for less with limit, or try again");
        }
    }

    void give(long bytes) {
        used.addAndGet(-bytes);
    }

    long used() {
        return used.get();
    }

    long refused() {
        return refused.get();
    }
}
