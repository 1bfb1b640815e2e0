/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The command line: reads options, wires the stages together, turns failures into one line and an exit code. In come
 * arguments, out go text and exit codes. Nothing may depend on it, and it must not decide anything about leaks.
 */
package dev.ghostfd.cli;
