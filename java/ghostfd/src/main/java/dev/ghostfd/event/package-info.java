/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The wire contract in Java: record layouts and flyweights that read a record where it lies. In comes memory handed over by
 * the kernel boundary or a recording, out come numbers and names. It must not know where the memory comes from, nor what the
 * events mean together.
 */
package dev.ghostfd.event;
