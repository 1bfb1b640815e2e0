/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import dev.ghostfd.attribution.Frame;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which frames are of a language's runtime and not of anybody's own code; the list is in {@code runtimes.txt}. Immutable. */
public final class Runtimes {
    private static final String LIST = "runtimes.txt";

    private final Map<String, Pattern> byField;

    private Runtimes(Map<String, Pattern> byField) {
        this.byField = byField;
    }

    /** Reads the list. */
    static Runtimes load() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Runtimes.class.getResourceAsStream(LIST), LIST), StandardCharsets.UTF_8))) {
            return new Runtimes(lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(" +", 2))
                    .collect(Collectors.groupingBy(
                            line -> line[0],
                            Collectors.mapping(
                                    line -> line[1],
                                    Collectors.collectingAndThen(
                                            Collectors.joining(")|(?:", "(?:", ")"), Pattern::compile)))));
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }

    /** A stack from the first frame that is not of a runtime; all of it when there is none. */
    List<Frame> fold(List<Frame> frames) {
        for (int i = 0; i < frames.size(); i++) {
            if (!isRuntime(frames.get(i))) {
                return frames.subList(i, frames.size());
            }
        }
        return frames;
    }

    boolean isRuntime(Frame frame) {
        if (frame.module().isEmpty()) {
            /* Code that nobody has named leads nobody anywhere. */
            return frame.function().isEmpty()
                    || frame.file().isEmpty() && matches("compiled", frame.function())
                    || matches("file", frame.file());
        }
        return frame.module().filter(this::isRuntimeModule).isPresent()
                || matches("function", frame.function())
                || matches("file", frame.file())
                || frame.file().isEmpty() && matches("symbol", frame.function());
    }

    /** Whether everything in a module is of a runtime. */
    boolean isRuntimeModule(String path) {
        return matches("module", Optional.of(path));
    }

    private boolean matches(String field, Optional<String> text) {
        return text.filter(value -> byField.get(field).matcher(value).matches()).isPresent();
    }
}
