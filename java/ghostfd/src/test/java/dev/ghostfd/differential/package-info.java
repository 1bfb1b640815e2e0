/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Tests that compare every table ghostfd keeps with the kernel's own, under random operations, loss of events and very many
 * descriptors. They start the packed jar as root, scoped to programs of their own, and read /proc and the HTTP interface;
 * they know nothing of the classes inside.
 */
package dev.ghostfd.differential;
