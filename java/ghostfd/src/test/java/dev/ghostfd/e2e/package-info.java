/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Tests of the whole program from outside: they start the packed jar as root on the running kernel, scoped to programs
 * that they start themselves, and read its command line, HTTP and metrics as a user would. They know nothing of the
 * classes inside.
 */
package dev.ghostfd.e2e;
