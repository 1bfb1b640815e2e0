/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.kernel.DescriptorLimit;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ghostfd relieve}: the limit first, the figures after. */
@Command(
        name = "relieve",
        mixinStandardHelpOptions = true,
        description = {
            "First aid for a process that runs out of descriptors: raises its soft RLIMIT_NOFILE to its hard limit, at once"
                    + " and while it runs, and shows how much time that gains.",
            "Never closes a descriptor of another process: the number would be used again under its feet. The leak goes on"
                    + " until the program is mended or restarted."
        })
final class RelieveCommand implements Callable<Integer> {
    private static final Duration LONGEST_WATCH = Duration.ofHours(1);

    @Option(names = "--pid", paramLabel = "PID", required = true, description = "The process to relieve.")
    private int pid;

    @Option(
            names = "--watch",
            paramLabel = "DURATION",
            defaultValue = "5s",
            description = "How long to watch its growth afterwards (default ${DEFAULT-VALUE}); longer for a slow leak.")
    private Duration watch;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkOptions();
        Patient patient = Patient.of(pid);
        DescriptorLimit before = DescriptorLimit.of(pid);
        refuseIfAtHardLimit(patient, before);
        int open = patient.open();
        DescriptorLimit after = before.raised();
        after.applyTo(pid);

        PrintWriter out = command.commandLine().getOut();
        Relief relief = new Relief(open, before.soft(), after.soft());
        out.printf("process      %d %s%n", pid, patient.comm());
        relief.writeLimits(out);
        out.flush();

        Thread.sleep(watch);
        relief.writeGain(out, patient.open() - open, watch);
        out.println("No descriptor was closed. The limit lasts until the process ends; mend the leak and restart it.");
        out.flush();
        return 0;
    }

    private void checkOptions() {
        if (pid < 1) {
            throw bad("--pid", "must be the pid of a process, not " + pid);
        }
        if (watch.isZero() || watch.compareTo(LONGEST_WATCH) > 0) {
            throw bad("--watch", "must be above 0 and at most 1h");
        }
    }

    private static void refuseIfAtHardLimit(Patient patient, DescriptorLimit limit) throws IOException {
        if (Long.compareUnsigned(limit.soft(), limit.hard()) >= 0) {
            throw new IOException(
                    "the soft limit of process " + patient.pid() + " is its hard limit already, "
                            + Long.toUnsignedString(limit.hard())
                            + "; raise that where the process is started (systemd: LimitNOFILE=, containers: ulimits) and restart it");
        }
    }

    private ParameterException bad(String option, String why) {
        return new ParameterException(command.commandLine(), "Invalid value for option '" + option + "': " + why);
    }
}
