/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.kernel.Prerequisites;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ghostfd doctor}. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description =
                "Checks every prerequisite and says how to get what is missing. Exit code 1 if anything needed is.")
final class DoctorCommand implements Callable<Integer> {
    @Option(
            names = "--ring-buffer",
            paramLabel = "SIZE",
            defaultValue = "16MiB",
            description = "Ring buffer size to try.")
    private ByteSize ringBuffer;

    @Mixin
    private PathOptions paths;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        RingBufferOption.check(command, ringBuffer);
        List<Prerequisites.Check> checks = Prerequisites.all(ringBuffer.bytes(), paths.host());
        PrintWriter out = command.commandLine().getOut();
        boolean ready = true;
        for (Prerequisites.Check check : checks) {
            String state = check.ok() ? "ok" : check.optional() ? "absent" : "MISSING";
            out.printf("%-8s %-14s %s%n", state, check.name(), check.found());
            if (!check.ok()) {
                out.printf("%-8s %-14s -> %s%n", "", "", check.fix());
            }
            ready &= check.ok() || check.optional();
        }
        out.flush();
        return ready ? 0 : 1;
    }
}
