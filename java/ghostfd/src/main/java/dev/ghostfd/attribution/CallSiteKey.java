/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What two call sites have in common that are the same line of somebody's code, however it was reached. Where no function is
 * known, module and address stand for it.
 */
public record CallSiteKey(
        Optional<String> function,
        Optional<String> file,
        OptionalInt line,
        Optional<String> module,
        OptionalLong address) {
    /** Of the first of the frames; empty when that is nobody's code, as in an interpreter. */
    public static Optional<CallSiteKey> of(List<Frame> frames) {
        return Frame.place(frames).map(CallSiteKey::of);
    }

    /** Of a frame that is somebody's code. */
    public static CallSiteKey of(Frame place) {
        boolean named = place.function().isPresent();
        return new CallSiteKey(
                place.function(),
                place.file(),
                place.line(),
                named ? Optional.empty() : place.module(),
                named ? OptionalLong.empty() : OptionalLong.of(place.address()));
    }
}
