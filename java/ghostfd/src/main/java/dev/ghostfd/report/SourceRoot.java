/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.report;

import java.nio.file.Path;

/** The folder from which source files are named: only relative paths can be matched with a change, or on another machine. */
public record SourceRoot(Path folder) {
    /** Relative if below the folder, else as it is. */
    String pathOf(String file) {
        Path path = Path.of(file);
        return path.startsWith(folder) ? folder.relativize(path).toString() : file;
    }
}
