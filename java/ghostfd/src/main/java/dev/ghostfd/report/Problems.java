/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.report;

import dev.ghostfd.attribution.Attribution;
import dev.ghostfd.attribution.Frame;
import dev.ghostfd.event.Kind;
import dev.ghostfd.leak.Confidence;
import dev.ghostfd.leak.Leak;
import dev.ghostfd.leak.ProcessEnd;
import dev.ghostfd.leak.Rule;
import dev.ghostfd.lifecycle.ChildView;
import dev.ghostfd.lifecycle.DescriptorView;
import dev.ghostfd.lifecycle.ExitStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gathers single findings into problems, and words them. */
public final class Problems {
    private static final String OPEN_AT_EXIT_HINT =
            "The process exited with these descriptors open: close each on every path, or open it with O_CLOEXEC and"
                    + " accept it in the baseline if it is meant to live as long as the process.";

    private final Attribution attribution;
    private final CallSite callSite;

    private record LeakSite(
            String comm, Optional<String> container, Rule rule, Kind kind, Confidence confidence, Optional<Frame> at) {}

    private record ExitSite(String comm, Optional<String> container, Kind kind) {}

    public Problems(Attribution attribution, CallSite callSite) {
        this.attribution = attribution;
        this.callSite = callSite;
    }

    /** One for each site, in the order in which they were first found. */
    public List<Problem> ofLeaks(List<Leak> leaks) {
        Map<LeakSite, List<Leak>> sites = new LinkedHashMap<>();
        for (Leak leak : leaks) {
            LeakSite site = new LeakSite(
                    leak.process().comm(),
                    container(leak.process()),
                    leak.rule(),
                    leak.kind(),
                    leak.confidence(),
                    callSite.at(leak));
            sites.computeIfAbsent(site, _ -> new ArrayList<>()).add(leak);
        }
        return sites.entrySet().stream()
                .map(entry -> problem(entry.getKey(), entry.getValue()))
                .toList();
    }

    private Optional<String> container(Leak.Holder process) {
        return attribution
                .container(process.cgroup())
                .map(known -> known.name().orElse(known.id()))
                .filter(name -> !name.isEmpty());
    }

    private static Problem problem(LeakSite site, List<Leak> leaks) {
        return new Problem(
                site.rule().label(),
                site.confidence() == Confidence.CONFIRMED ? Problem.Severity.CONFIRMED : Problem.Severity.SUSPECTED,
                site.comm(),
                site.container(),
                site.kind().label(),
                site.at(),
                leaks.stream().mapToInt(Leak::count).sum(),
                leaks.stream().map(Problems::describe).toList(),
                site.rule().hint(),
                false);
    }

    /** One for each name of process and kind of descriptor. */
    public List<Problem> ofEnds(List<ProcessEnd> ends, boolean fail) {
        Map<ExitSite, List<String>> sites = new LinkedHashMap<>();
        for (ProcessEnd end : ends) {
            for (DescriptorView held : end.held()) {
                ExitSite site = new ExitSite(end.process().comm(), container(end.process()), held.kind());
                sites.computeIfAbsent(site, _ -> new ArrayList<>())
                        .add(name(end.process()) + " " + describe(held) + "; the process " + describe(end.status()));
            }
        }
        return sites.entrySet().stream()
                .map(entry -> new Problem(
                        Problem.OPEN_AT_EXIT,
                        fail ? Problem.Severity.SUSPECTED : Problem.Severity.NOTE,
                        entry.getKey().comm(),
                        entry.getKey().container(),
                        entry.getKey().kind().label(),
                        Optional.empty(),
                        entry.getValue().size(),
                        entry.getValue(),
                        OPEN_AT_EXIT_HINT,
                        false))
                .toList();
    }

    private static String describe(Leak leak) {
        StringBuilder line = new StringBuilder(name(leak.process()));
        leak.descriptor().ifPresent(descriptor -> line.append(' ').append(describe(descriptor.view())));
        leak.child().ifPresent(child -> line.append("; child ").append(describe(child)));
        leak.peer().ifPresent(peer -> {
            for (Leak.PeerHolder holder : peer.holders()) {
                line.append("; the other end is held by ")
                        .append(name(holder.comm(), holder.pid()))
                        .append(" fd ")
                        .append(holder.fd())
                        .append(" (")
                        .append(holder.cause())
                        .append(')');
            }
        });
        if (leak.count() > 1) {
            line.append("; ").append(leak.count()).append(" of them");
        }
        return line.toString();
    }

    private static String describe(DescriptorView descriptor) {
        String end = descriptor.end().label();
        return "fd " + descriptor.fd() + " (" + descriptor.kind().label() + (end.isEmpty() ? "" : ", " + end + " end")
                + ")";
    }

    private static String describe(ChildView child) {
        return name(child.comm(), child.id().pid())
                + child.exit().map(status -> " " + describe(status)).orElse("");
    }

    private static String describe(ExitStatus status) {
        return status.signal() == 0 ? "exited with code " + status.code() : "was ended by signal " + status.signal();
    }

    private static String name(Leak.Holder process) {
        return name(process.comm(), process.id().pid());
    }

    private static String name(String comm, int pid) {
        return comm + "[" + pid + "]";
    }
}
