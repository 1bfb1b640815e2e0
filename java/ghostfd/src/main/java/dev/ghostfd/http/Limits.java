/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import java.time.Duration;

/**
 * What one client, and all of them together, may cost.
 *
 * @param connections open at once; beyond it the one that has kept the server waiting longest is closed
 * @param headerDeadline from the first byte of a request (or the connection's start) to the end of its header
 * @param idleTimeout for a connection between requests
 * @param responseDeadline from the end of a request's header until its answer has been taken, however slowly
 * @param detailTimeout for the consumer thread to tell of one process
 * @param bodyBytes answers of the API in memory at once, compressed if so asked
 */
public record Limits(
        int connections,
        Duration headerDeadline,
        Duration idleTimeout,
        Duration responseDeadline,
        Duration detailTimeout,
        long bodyBytes) {
    public static final Limits DEFAULT = new Limits(
            512,
            Duration.ofSeconds(10),
            Duration.ofMinutes(2),
            Duration.ofSeconds(30),
            Duration.ofSeconds(2),
            24L << 20);

    static final int INITIAL_LINE_BYTES = 4096;
    static final int HEADER_BYTES = 8192;
    static final int LIST_ROWS = 10_000;
    /** More than a list's: the descriptors of one process are worth having whole. */
    static final int DETAIL_ROWS = 100_000;
}
