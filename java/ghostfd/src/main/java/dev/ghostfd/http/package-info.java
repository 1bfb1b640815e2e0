/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Comes in: the published {@link dev.ghostfd.leak.NodeView}, one process at a time from the consumer thread, and the
 * names that attribution gives to ids. Goes out: {@code /metrics}, the health checks, the JSON API and a page that shows
 * it, over HTTP/1.1, to clients that are not trusted. Must not know: the kernel, the rules, or anything that changes
 * what it shows.
 */
package dev.ghostfd.http;
