/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http.access;

/** What becomes of a request. */
public enum Verdict {
    ADMITTED,
    /** No credentials, or wrong ones. */
    DENIED,
    /** Too many passwords are waiting to be checked. */
    BUSY
}
