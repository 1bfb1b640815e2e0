/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.lifecycle;

import dev.ghostfd.event.Kind;

/** What a program found as one of its descriptors 0 to 2 when it started. */
public record Stdio(int fd, Kind kind, long inode) {}
