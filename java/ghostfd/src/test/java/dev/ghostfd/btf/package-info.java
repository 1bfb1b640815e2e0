/* SPDX-License-Identifier: Apache-2.0 */
/** Reads the type information that clang leaves in a BPF object, so that tests can compare both sides of the wire. */
package dev.ghostfd.btf;
