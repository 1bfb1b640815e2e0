/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http.access;

import java.io.IOException;

/** The web configuration cannot be used; the message is one line that names file and line and says what is wrong. */
public final class WebConfigException extends IOException {
    private static final long serialVersionUID = 1L;

    WebConfigException(String message) {
        super(message);
    }
}
