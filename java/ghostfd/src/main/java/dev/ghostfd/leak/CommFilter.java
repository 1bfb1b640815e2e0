/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import dev.ghostfd.lifecycle.ProcessDetail;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Leaves processes of certain names out of what is shown. They are traced and analysed all the same, since others may be
 * their children or hold the other end of their pipes. Thread-safe.
 */
public final class CommFilter {
    private record Filtered(NodeView from, NodeView view) {}

    private final List<Pattern> excluded;
    private volatile Filtered latest = new Filtered(NodeView.starting(0), NodeView.starting(0));

    /**
     * Applies to nothing yet.
     *
     * @param excluded each matches a whole name
     */
    public CommFilter(List<Pattern> excluded) {
        this.excluded = List.copyOf(excluded);
    }

    /** A view without their findings, totals and processes; a remainder of totals may have theirs in it and goes too. */
    @SuppressWarnings(
            "ReferenceEquality") // Each publication is an object of its own; to compare contents would take long.
    public NodeView apply(NodeView view) {
        if (excluded.isEmpty()) {
            return view;
        }
        Filtered known = latest;
        if (known.from() != view) {
            known = new Filtered(
                    view,
                    new NodeView(
                            view.time(),
                            view.leaks().stream()
                                    .filter(leak -> admits(leak.process().comm()))
                                    .toList(),
                            view.totals().stream()
                                    .filter(total -> !total.isRemainder() && admits(total.comm()))
                                    .toList(),
                            view.processes().stream()
                                    .filter(process -> admits(process.comm()))
                                    .toList(),
                            view.status()));
            latest = known;
        }
        return known.view();
    }

    /** Whether this process may be shown. */
    public boolean admits(ProcessDetail detail) {
        return admits(detail.process().comm());
    }

    private boolean admits(String comm) {
        return excluded.stream().noneMatch(pattern -> pattern.matcher(comm).matches());
    }
}
