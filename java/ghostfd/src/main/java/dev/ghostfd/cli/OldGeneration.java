/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the old generation in proportion to what lives. The serial collector lets it grow to -Xmx before it collects it, and a
 * process that watches children come and go for days promotes some 10 MiB a minute: each is remembered for the grace, and then garbage.
 */
final class OldGeneration {
    /** The serial collector's name of it; with another collector there is nothing to do here. */
    private static final String NAME = "Tenured Gen";

    private static final long LOOK_SECONDS = 10;
    private static final long ROOM_BYTES = 16 << 20;

    private OldGeneration() {}

    /** From now on it is collected when it has doubled, by a thread that ends with the JVM. */
    static void keepSmall() {
        ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals(NAME))
                .findFirst()
                .ifPresent(pool ->
                        Thread.ofPlatform().daemon().name("old-generation").start(() -> watch(pool)));
    }

    private static void watch(MemoryPoolMXBean pool) {
        try {
            while (true) {
                TimeUnit.SECONDS.sleep(LOOK_SECONDS);
                if (isDue(pool.getUsage().getUsed(), pool.getCollectionUsage().getUsed())) {
                    System.gc();
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether a collection is worth its pause, 1 ms for each MiB that lives. */
    static boolean isDue(long used, long afterCollection) {
        return used > 2 * afterCollection + ROOM_BYTES;
    }
}
