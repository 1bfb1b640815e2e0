/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The life of descriptors: tables, processes, children and what they received, pipes and who had their ends. In come events
 * and snapshots, in order, on one thread; out come the current state and word of children that are gone. It must not know
 * what counts as a leak, nor where events come from.
 */
package dev.ghostfd.lifecycle;
