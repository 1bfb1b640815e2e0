/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.symbol;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A function that was compiled at run time, from the name its runtime gave it in a perf map.
 *
 * @param line where the function begins: of the call, such a name tells nothing
 */
record CompiledName(String function, Optional<String> file, OptionalInt line) {
    /** {@code LazyCompile:*run /srv/job.js:42:13}, {@code JS:~ file:///srv/job.mjs:1:1} */
    private static final Pattern V8 = Pattern.compile(
            "(?:LazyCompile|Function|JS|InterpretedFunction|Script|Eval):[*~^+']?(.*?) ?((?:node:|file://|/).*?):(\\d+)(?::\\d+)?");

    /** {@code py::run:/srv/job.py} */
    private static final Pattern PYTHON = Pattern.compile("py::(.*?):(.*)");

    /** {@code void com.example.Job.run(int)} */
    private static final Pattern HOTSPOT = Pattern.compile("\\S+ ([\\w.$<>/]+)\\(.*\\)");

    /** {@code Lcom/example/Job;::run} */
    private static final Pattern DESCRIPTOR = Pattern.compile("L([\\w/$]+);::([\\w$<>]+).*");

    /** As much as can be told; a name of another form is the function. */
    static CompiledName parse(String name) {
        return Stream.of(
                        as(
                                V8,
                                name,
                                found -> new CompiledName(
                                        found.group(1).isEmpty() ? "(anonymous)" : found.group(1),
                                        Optional.of(found.group(2).replaceFirst("^file://", "")),
                                        line(found.group(3)))),
                        as(
                                PYTHON,
                                name,
                                found -> new CompiledName(
                                        found.group(1), Optional.of(found.group(2)), OptionalInt.empty())),
                        as(HOTSPOT, name, found -> of(found.group(1))),
                        as(DESCRIPTOR, name, found -> of(found.group(1).replace('/', '.') + "." + found.group(2))))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseGet(() -> of(name));
    }

    private static CompiledName of(String function) {
        return new CompiledName(function, Optional.empty(), OptionalInt.empty());
    }

    private static Optional<CompiledName> as(Pattern form, String name, Function<MatchResult, CompiledName> read) {
        Matcher found = form.matcher(name);
        return found.matches() ? Optional.of(read.apply(found)) : Optional.empty();
    }

    private static OptionalInt line(String digits) {
        return digits.length() < 10 ? OptionalInt.of(Integer.parseInt(digits)) : OptionalInt.empty();
    }
}
