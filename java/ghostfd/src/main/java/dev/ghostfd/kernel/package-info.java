/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The kernel, as the rest of ghostfd sees it: loads and attaches the BPF programs through libbpf, reads the ring buffer in
 * place, takes snapshots with BPF iterators, and is the only package that links or calls native code. In come options; out
 * go bytes of records and errors in words with what to do. It must not know what a record means, nor of descriptors,
 * processes or leaks.
 */
package dev.ghostfd.kernel;
