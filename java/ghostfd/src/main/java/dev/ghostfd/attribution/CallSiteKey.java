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
    /** Of the first of the frames; empty when there is none. */
    public static Optional<CallSiteKey> of(List<Frame> frames) {
        return frames.stream().findFirst().map(first -> {
            boolean named = first.function().isPresent();
            return new CallSiteKey(
                    first.function(),
                    first.file(),
                    first.line(),
                    named ? Optional.empty() : first.module(),
                    named ? OptionalLong.empty() : OptionalLong.of(first.address()));
        });
    }
}
