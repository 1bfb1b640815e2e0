/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http.access;

import java.nio.file.Path;

/**
 * Where in the web configuration something stands.
 *
 * @param line the first is 1
 */
record Place(Path file, int line) {
    WebConfigException error(String problem) {
        return new WebConfigException(file + ":" + line + ": " + problem);
    }
}
