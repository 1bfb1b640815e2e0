/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.differential;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Lets the random program run from barrier to barrier, and compares at each. */
final class DifferentialRun {
    private static final Duration POLL = Duration.ofMillis(20);

    private final Program program;
    private final Daemon daemon;
    private final Duration patience;

    /** @param patience how long the daemon may lag behind the kernel */
    DifferentialRun(Program program, Daemon daemon, Duration patience) {
        this.program = program;
        this.daemon = daemon;
        this.patience = patience;
    }

    /** The random program, which has done nothing yet. */
    static Program startProgram() {
        return Program.start(List.of(
                Programs.compile("differential").toString(),
                Programs.folder("stage").toString()));
    }

    /**
     * Runs one case, {@code SEED OPERATIONS BETWEEN_BARRIERS [CHOICE]}.
     *
     * @return what differed
     */
    List<String> run(String test) {
        String[] words = test.split(" ", -1);
        int barriers = Math.ceilDiv(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
        List<String> failures = new ArrayList<>();
        program.say(test);
        for (int number = 0; number < barriers; number++) {
            Barrier barrier = Barrier.parse(read("BARRIER " + number));
            List<String> differing = compare(barrier);
            if (differing.isEmpty() && number == barriers - 1) {
                differing = await(() -> others(barrier));
            }
            if (!differing.isEmpty()) {
                failures.add("case " + test + ", barrier " + number + ": " + differing + ", log in "
                        + saveLog(words[0], number));
            }
            program.say("go");
        }
        String end = read("END " + words[0]);
        if (!end.endsWith(" 0")) {
            failures.add("case " + test + ": the program ended with " + end);
        }
        return failures;
    }

    private String read(String expected) {
        String line = program.answer();
        if (!line.startsWith(expected + " ")) {
            throw new AssertionError("expected " + expected + ", read " + line);
        }
        return line;
    }

    private List<String> compare(Barrier barrier) {
        /* Once equal, a table stays so: nothing moves, and all that is known of it has been applied. */
        Set<Integer> open = new TreeSet<>(barrier.threads().keySet());
        return await(() -> {
            List<String> mismatches = new ArrayList<>();
            for (int pid : List.copyOf(open)) {
                List<String> ofOne = barrier.mismatches(daemon, List.of(pid));
                if (ofOne.isEmpty()) {
                    open.remove(pid);
                }
                mismatches.addAll(ofOne);
            }
            return mismatches;
        });
    }

    /** What the tables of the processes cannot show: tables of threads, and processes that should not be there. */
    private List<String> others(Barrier barrier) {
        List<String> mismatches = new ArrayList<>();
        Set<Integer> listed = new TreeSet<>();
        for (JsonNode process : daemon.json("/api/v1/processes").required("processes")) {
            listed.add(process.required("pid").asInt());
        }
        if (!listed.equals(barrier.threads().keySet())) {
            mismatches.add("processes " + barrier.threads().keySet() + " are listed as " + listed
                    + ", states in /proc of those too many: "
                    + states(listed, barrier.threads().keySet()));
        }
        long kernel = barrier.descriptors();
        long tracked = daemon.trackedDescriptors();
        if (kernel != tracked) {
            mismatches.add(kernel + " descriptors in all tables " + barrier.tables() + ", ghostfd has " + tracked);
        }
        return mismatches;
    }

    private static List<String> states(Set<Integer> listed, Set<Integer> expected) {
        List<String> states = new ArrayList<>();
        for (int pid : listed) {
            if (!expected.contains(pid)) {
                try {
                    states.add(Files.readString(Path.of("/proc", Integer.toString(pid), "stat")));
                } catch (IOException gone) {
                    states.add(pid + " is gone");
                }
            }
        }
        return states;
    }

    private List<String> await(Supplier<List<String>> mismatches) {
        long deadline = System.nanoTime() + patience.toNanos();
        List<String> found = mismatches.get();
        while (!found.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(POLL.toNanos());
            found = mismatches.get();
        }
        return found;
    }

    /** What the program did since the barrier before. */
    private Path saveLog(String seed, int number) {
        List<String> log = new ArrayList<>();
        program.say("log");
        for (String line = program.answer(); !line.startsWith("LOG END"); line = program.answer()) {
            log.add(line);
        }
        Path file = Programs.folder("logs").resolve("seed-" + seed + "-barrier-" + number + ".log");
        try {
            return Files.write(file, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
