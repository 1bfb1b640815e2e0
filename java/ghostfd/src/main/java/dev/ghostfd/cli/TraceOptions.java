/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.leak.TracingOptions;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of every command that traces. */
final class TraceOptions {
    private static final Duration RECONCILE_INTERVAL = Duration.ofMinutes(1);
    private static final Duration LEAST_SWEEP_INTERVAL = Duration.ofMillis(100);
    private static final Duration LEAST_GROWTH_WINDOW = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    @Option(
            names = "--grace",
            paramLabel = "DURATION",
            defaultValue = "30s",
            description = "How long a condition must hold before it is reported (default ${DEFAULT-VALUE}).")
    private Duration grace;

    @Option(
            names = "--sweep-interval",
            paramLabel = "DURATION",
            defaultValue = "5s",
            description = "How often findings are verified against the kernel (default ${DEFAULT-VALUE}).")
    private Duration sweepInterval;

    @Option(
            names = "--ring-buffer",
            paramLabel = "SIZE",
            defaultValue = "16MiB",
            description = "Room for events that wait to be read, a power of two (default ${DEFAULT-VALUE}).")
    private ByteSize ringBuffer;

    @Option(
            names = "--stacks",
            paramLabel = "on|off",
            defaultValue = "on",
            description = "Whether to find out which line of code makes a descriptor (default ${DEFAULT-VALUE}).")
    private Switch stacks;

    @Option(
            names = "--growth-window",
            paramLabel = "DURATION",
            defaultValue = "5m",
            description = "How long a count must rise steadily before that is reported (default ${DEFAULT-VALUE}).")
    private Duration growthWindow;

    /** Names as they are typed. */
    private enum Switch {
        on,
        off
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** Refuses what cannot work, naming the option. */
    void check() {
        RingBufferOption.check(command, ringBuffer);
        check(grace, "--grace", Duration.ZERO);
        check(sweepInterval, "--sweep-interval", LEAST_SWEEP_INTERVAL);
        check(growthWindow, "--growth-window", LEAST_GROWTH_WINDOW);
    }

    private void check(Duration value, String option, Duration least) {
        if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
            throw new ParameterException(
                    command.commandLine(),
                    "Invalid value for option '" + option + "': must be between " + least.toMillis() + "ms and 365d");
        }
    }

    long ringBytes() {
        return ringBuffer.bytes();
    }

    boolean stacks() {
        return stacks == Switch.on;
    }

    TracingOptions tracing() {
        return new TracingOptions(
                grace.toNanos(), sweepInterval.toNanos(), RECONCILE_INTERVAL.toNanos(), growthWindow.toNanos());
    }
}
