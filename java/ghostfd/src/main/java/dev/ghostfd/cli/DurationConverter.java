/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as Prometheus writes them: 500ms, 30s, 5m, 1h30m, 1d. */
final class DurationConverter implements ITypeConverter<Duration> {
    private static final Pattern WHOLE = Pattern.compile("(?:\\d+(?:ms|s|m|h|d))+");
    private static final Pattern PART = Pattern.compile("(\\d+)(ms|s|m|h|d)");

    @Override
    public Duration convert(String text) {
        if (!WHOLE.matcher(text).matches()) {
            throw new TypeConversionException("'" + text + "' is not a duration such as 500ms, 30s, 5m or 1h30m");
        }
        Duration sum = Duration.ZERO;
        try {
            for (Matcher part = PART.matcher(text); part.find(); ) {
                // Not Duration.multipliedBy, which goes by BigDecimal: loading that takes longer than anything else
                // here.
                sum = sum.plus(Long.parseLong(part.group(1)), unit(part.group(2)));
            }
        } catch (ArithmeticException | NumberFormatException huge) {
            throw new TypeConversionException("'" + text + "' is too long a duration");
        }
        return sum;
    }

    private static ChronoUnit unit(String name) {
        return switch (name) {
            case "ms" -> ChronoUnit.MILLIS;
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            case "h" -> ChronoUnit.HOURS;
            default -> ChronoUnit.DAYS;
        };
    }
}
