/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.report;

import dev.ghostfd.attribution.Attribution;
import dev.ghostfd.attribution.CallSiteKey;
import dev.ghostfd.attribution.Frame;
import dev.ghostfd.attribution.Hints;
import dev.ghostfd.event.Kind;
import dev.ghostfd.leak.Confidence;
import dev.ghostfd.leak.Leak;
import dev.ghostfd.leak.ProcessEnd;
import dev.ghostfd.leak.Rule;
import dev.ghostfd.lifecycle.ChildView;
import dev.ghostfd.lifecycle.DescriptorView;
import dev.ghostfd.lifecycle.ExitStatus;
import dev.ghostfd.lifecycle.ProcessId;
import java.util.ArrayList;
import java.util.HashMap;
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
            String comm,
            Optional<String> container,
            Rule rule,
            Kind kind,
            Confidence confidence,
            Optional<CallSiteKey> at) {}

    /** What leaks of the same loop have in common whether or not their call sites were seen. */
    private record Sort(ProcessId process, Rule rule, Kind kind) {
        static Sort of(Leak leak) {
            return new Sort(leak.process().id(), leak.rule(), leak.kind());
        }
    }

    /**
     * A leak with where it was made.
     *
     * @param borrowed whether that is only known of others
     */
    private record Placed(Leak leak, Optional<Frame> at, boolean borrowed) {}

    private record ExitSite(String comm, Optional<String> container, Kind kind) {}

    public Problems(Attribution attribution, CallSite callSite) {
        this.attribution = attribution;
        this.callSite = callSite;
    }

    /** One for each site, in the order in which they were first found. */
    public List<Problem> ofLeaks(List<Leak> leaks) {
        Map<LeakSite, List<Placed>> sites = new LinkedHashMap<>();
        for (Placed placed : place(leaks)) {
            Leak leak = placed.leak();
            LeakSite site = new LeakSite(
                    leak.process().comm(),
                    container(leak.process()),
                    leak.rule(),
                    leak.kind(),
                    leak.confidence(),
                    placed.at().map(CallSiteKey::of));
            sites.computeIfAbsent(site, _ -> new ArrayList<>()).add(placed);
        }
        return sites.entrySet().stream()
                .map(entry -> problem(entry.getKey(), entry.getValue()))
                .toList();
    }

    /**
     * Of some leaks the call site was not seen: the process was gone too soon, or too much happened at once. Where only one
     * place is known for others of the same sort in the same process, they are counted there, and say so.
     */
    private List<Placed> place(List<Leak> leaks) {
        List<Placed> placed = leaks.stream()
                .map(leak -> new Placed(leak, callSite.at(leak), false))
                .toList();
        Map<Sort, Map<CallSiteKey, Frame>> known = new HashMap<>();
        for (Placed one : placed) {
            one.at()
                    .ifPresent(frame -> known.computeIfAbsent(Sort.of(one.leak()), _ -> new LinkedHashMap<>())
                            .putIfAbsent(CallSiteKey.of(frame), frame));
        }
        return placed.stream()
                .map(one -> {
                    Map<CallSiteKey, Frame> others = known.getOrDefault(Sort.of(one.leak()), Map.of());
                    return one.at().isPresent() || others.size() != 1
                            ? one
                            : new Placed(one.leak(), others.values().stream().findFirst(), true);
                })
                .toList();
    }

    private Optional<String> container(Leak.Holder process) {
        return attribution
                .container(process.cgroup())
                .map(known -> known.name().orElse(known.id()))
                .filter(name -> !name.isEmpty());
    }

    private Problem problem(LeakSite site, List<Placed> leaks) {
        Leak first = leaks.getFirst().leak();
        return new Problem(
                site.rule().label(),
                site.confidence() == Confidence.CONFIRMED ? Problem.Severity.CONFIRMED : Problem.Severity.SUSPECTED,
                site.comm(),
                site.container(),
                site.kind().label(),
                leaks.getFirst().at(),
                leaks.stream().mapToInt(placed -> placed.leak().count()).sum(),
                leaks.stream().map(Problems::describe).toList(),
                Hints.of(site.rule(), attribution.language(first.process().id())),
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

    private static String describe(Placed placed) {
        Leak leak = placed.leak();
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
        if (placed.borrowed()) {
            line.append("; its own call site was not seen");
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
