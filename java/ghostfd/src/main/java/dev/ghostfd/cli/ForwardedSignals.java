/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.cli;

import dev.ghostfd.kernel.CommandProcess;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Passes signals on to the command, and outlives them to report. What the terminal sends goes to the whole foreground group,
 * the command included, and is not sent twice.
 *
 * <p>By reflection: there is no other way to catch a signal in Java, and javac warns of {@code sun.misc.Signal} without a way
 * to say that it is meant.
 */
final class ForwardedSignals {
    private static final Path STAT = Path.of("/proc/self/stat");

    /** Position of the process group, and of the terminal's foreground group, among the fields after the name. */
    private static final int GROUP = 2;

    private static final int FOREGROUND_GROUP = 5;

    /** Name and number, the same on every architecture. */
    private static final Map<String, Integer> FORWARDED = Map.of("HUP", 1, "INT", 2, "USR1", 10, "TERM", 15);

    private static final int SIGINT = 2;
    private static final int SIGHUP = 1;

    private final List<Integer> early = new ArrayList<>();
    private Optional<CommandProcess> command = Optional.empty();
    private OptionalInt last = OptionalInt.empty();
    private int count;

    /** From now on these signals do not end this process. */
    void install() {
        FORWARDED.forEach((name, number) -> handle(name, () -> received(number)));
    }

    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            MethodHandle run = MethodHandles.lookup()
                    .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                    .bindTo(action);
            Object caller =
                    MethodHandleProxies.asInterfaceInstance(handler, MethodHandles.dropArguments(run, 0, signal));
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), caller);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("this JVM has no sun.misc.Signal", impossible);
        }
    }

    private synchronized void received(int number) {
        last = OptionalInt.of(number);
        count++;
        if ((number == SIGINT || number == SIGHUP) && isInForeground()) {
            return;
        }
        command.ifPresentOrElse(running -> running.signal(number), () -> early.add(number));
    }

    private static boolean isInForeground() {
        try {
            String stat = Files.readString(STAT, StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", FOREGROUND_GROUP + 2);
            return fields[GROUP].equals(fields[FOREGROUND_GROUP]);
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** The last signal that has come. */
    synchronized OptionalInt last() {
        return last;
    }

    /** How many have come. */
    synchronized int count() {
        return count;
    }

    /** From now on the command gets them, and now those that came while it was being started. */
    synchronized void forwardTo(CommandProcess started) {
        command = Optional.of(started);
        early.forEach(started::signal);
        early.clear();
    }
}
