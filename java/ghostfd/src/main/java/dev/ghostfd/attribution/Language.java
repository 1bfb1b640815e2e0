/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

/** What a program is written in, as far as that changes what to do about a leak. */
public enum Language {
    GO,
    PYTHON,
    NODE,
    JVM,
    RUBY,
    RUST,
    PERL,
    SHELL,
    /** C, C++ and whatever else compiles to a program of the machine. */
    NATIVE,
    UNKNOWN
}
