/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads that render answers, so that the event loop never waits for /proc, the consumer thread or gzip. */
final class Workers {
    private static final int IDLE_SECONDS = 60;

    private Workers() {}

    /** A pool that refuses work, with RejectedExecutionException, once its queue is full; idle threads go away. */
    static ThreadPoolExecutor bounded(String name, int threads, int queue) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queue),
                work -> Thread.ofPlatform().name(name).daemon().unstarted(work));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
