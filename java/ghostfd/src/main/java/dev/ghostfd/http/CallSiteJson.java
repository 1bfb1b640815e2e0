/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.http;

import dev.ghostfd.attribution.Frame;
import java.io.IOException;
import java.util.List;

/** A call site as the API shows it: an array of frames, the user's first. */
final class CallSiteJson {
    private CallSiteJson() {}

    /** Writes the array as a field of the object at hand; absent when nothing is known. */
    static void write(JsonWriter json, String name, List<Frame> frames) throws IOException {
        if (frames.isEmpty()) {
            return;
        }
        json.array(name, () -> {
            for (Frame frame : frames) {
                json.object(() -> write(json, frame));
            }
        });
    }

    private static void write(JsonWriter json, Frame frame) throws IOException {
        json.text("function", frame.function());
        json.text("file", frame.file());
        json.known("line", frame.line().orElse(0));
        json.text("module", frame.module());
        json.text("address", "0x" + Long.toHexString(frame.address()));
        if (frame.inlined()) {
            json.bool("inlined", true);
        }
        if (frame.runtime()) {
            json.bool("runtime", true);
        }
    }
}
