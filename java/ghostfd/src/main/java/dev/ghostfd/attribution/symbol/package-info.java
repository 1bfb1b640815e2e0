/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Functions and lines behind addresses. In come a process and return addresses; out go frames, the user's first, from
 * debugging information, symbol tables, Go's tables and perf maps. It knows nothing of how the addresses were found, nor of
 * leaks.
 */
package dev.ghostfd.attribution.symbol;
