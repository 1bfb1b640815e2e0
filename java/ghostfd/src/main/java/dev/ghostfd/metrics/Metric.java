/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.metrics;

import io.prometheus.client.Collector;
import java.util.List;
import java.util.stream.Stream;

/** Every metric of ghostfd's own: its name, labels and what to do about it, here and nowhere else. */
public enum Metric {
    LEAKED_DESCRIPTORS(
            Collector.Type.GAUGE,
            "ghostfd_leaked_descriptors",
            "Descriptors that a rule reports as leaked right now. Above 0: look them up under /api/v1/leaks,"
                    + " whose hint says what to change in the code.",
            Labels.WORKLOAD,
            "rule",
            "kind",
            "confidence"),
    LEAKS_DETECTED(
            Collector.Type.COUNTER,
            "ghostfd_leaks_detected_total",
            "Leaks reported since start. Its rate is how fast the workload leaks; alert on a rate that stays"
                    + " above 0.",
            Labels.WORKLOAD,
            "rule",
            "kind"),
    LEAKS_RESOLVED(
            Collector.Type.COUNTER,
            "ghostfd_leaks_resolved_total",
            "Reported leaks that ended since start, because the descriptor was closed or the process exited."
                    + " Far below ghostfd_leaks_detected_total: leaks pile up until the process ends.",
            Labels.WORKLOAD,
            "rule",
            "kind"),
    OLDEST_LEAK_AGE(
            Collector.Type.GAUGE,
            "ghostfd_oldest_leak_age_seconds",
            "Age in seconds of the oldest leak that still stands. Minutes may be a late close; hours need a"
                    + " fix or a restart.",
            Labels.WORKLOAD,
            "rule"),
    UNREAPED_CHILDREN(
            Collector.Type.GAUGE,
            "ghostfd_unreaped_children",
            "Exited children (zombies) older than the grace that their parent has not waited for. Above 0:"
                    + " make the parent call waitpid for every child.",
            Labels.WORKLOAD),
    OPEN_DESCRIPTORS(
            Collector.Type.GAUGE,
            "ghostfd_open_descriptors",
            "Open descriptors of the workload's processes. A kind that only ever rises is worth a look at"
                    + " /api/v1/processes.",
            Labels.WORKLOAD,
            "kind"),
    WORST_LIMIT_RATIO(
            Collector.Type.GAUGE,
            "ghostfd_worst_limit_ratio",
            "Highest ratio, 0 to 1, of open descriptors to the soft RLIMIT_NOFILE among the workload's"
                    + " processes. Above 0.9: raise the limit (prlimit --nofile) and find the leak.",
            Labels.WORKLOAD),
    EXHAUSTION(
            Collector.Type.GAUGE,
            "ghostfd_exhaustion_seconds",
            "Seconds until the first process of the workload reaches its soft RLIMIT_NOFILE at its present"
                    + " growth; absent without growth. Below an hour: act now.",
            Labels.WORKLOAD),
    EVENTS(
            Collector.Type.COUNTER,
            "ghostfd_events_total",
            "Kernel events consumed since start, by type. A rate of 0 on a busy node: check"
                    + " ghostfd_program_attached.",
            Labels.NONE,
            "type"),
    EVENTS_LOST(
            Collector.Type.COUNTER,
            "ghostfd_events_lost_total",
            "Kernel events lost since start, by stage and reason. Rising: enlarge --ring-buffer or narrow the"
                    + " scope with --cgroup or --pid.",
            Labels.NONE,
            "stage",
            "reason"),
    RESYNCS(
            Collector.Type.COUNTER,
            "ghostfd_resyncs_total",
            "Kernel snapshots taken to heal the tables since start, by reason. Rising with reason events_lost: see"
                    + " ghostfd_events_lost_total.",
            Labels.NONE,
            "reason"),
    REPAIRS(
            Collector.Type.COUNTER,
            "ghostfd_repairs_total",
            "Descriptors that a snapshot found and events had not told of, or the other way round, since"
                    + " start, by kind. Rising without losses: a way of making descriptors that ghostfd cannot trace;"
                    + " report it.",
            Labels.NONE,
            "kind"),
    RING_BUFFER(
            Collector.Type.GAUGE,
            "ghostfd_ring_buffer_bytes",
            "Size of the kernel ring buffer in bytes; set it with --ring-buffer.",
            Labels.NONE),
    RING_BUFFER_USED(
            Collector.Type.GAUGE,
            "ghostfd_ring_buffer_used_bytes",
            "Bytes waiting in the ring buffer. Near ghostfd_ring_buffer_bytes: give ghostfd more CPU or a"
                    + " larger buffer.",
            Labels.NONE),
    EVENT_LAG(
            Collector.Type.GAUGE,
            "ghostfd_event_lag_seconds",
            "Age in seconds of the newest event when it was consumed. Above 1: ghostfd is not keeping up;"
                    + " give it more CPU.",
            Labels.NONE),
    TRACKED_PROCESSES(
            Collector.Type.GAUGE,
            "ghostfd_tracked_processes",
            "Processes in ghostfd's tables. ghostfd's own memory grows with it.",
            Labels.NONE),
    TRACKED_DESCRIPTORS(
            Collector.Type.GAUGE,
            "ghostfd_tracked_descriptors",
            "Descriptors in ghostfd's tables. ghostfd's own memory grows with it.",
            Labels.NONE),
    PROGRAM_ATTACHED(
            Collector.Type.GAUGE,
            "ghostfd_program_attached",
            "1 if the tracing program is attached, else 0. At 0 descriptors may go unseen: run ghostfd" + " doctor.",
            Labels.NONE,
            "program"),
    STATE_COMPLETE(
            Collector.Type.GAUGE,
            "ghostfd_state_complete",
            "1 if the tables are complete, 0 from a loss of events until a snapshot has healed them. At 0 for"
                    + " minutes: see ghostfd_events_lost_total.",
            Labels.NONE),
    SERIES_COLLAPSED(
            Collector.Type.GAUGE,
            "ghostfd_series_collapsed",
            "Workloads without series of their own, counted under comm=\"other\". Above 0: raise" + " --max-series.",
            Labels.NONE),
    BUILD_INFO(
            Collector.Type.GAUGE,
            "ghostfd_build_info",
            "Always 1; version and revision of this ghostfd. Compare across nodes to find those left behind.",
            Labels.NONE,
            "version",
            "revision"),
    DESCRIPTOR_LIFETIME(
            Collector.Type.HISTOGRAM,
            "ghostfd_descriptor_lifetime_seconds",
            "How long descriptors lived in seconds, by kind, counted when they are closed. A growing tail:"
                    + " descriptors are kept longer than they used to be.",
            Labels.NONE,
            "kind");

    private final Collector.Type type;
    private final String metricName;
    private final String help;

    /** Unmodifiable, which the type does not say. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<String> labels;

    Metric(Collector.Type type, String metricName, String help, List<String> workloadLabels, String... ownLabels) {
        this.type = type;
        this.metricName = metricName;
        this.help = help;
        this.labels =
                Stream.concat(workloadLabels.stream(), Stream.of(ownLabels)).toList();
    }

    public Collector.Type type() {
        return type;
    }

    /** The full name, with {@code _total} for counters. */
    public String metricName() {
        return metricName;
    }

    /** The HELP text: the unit, and what to do. */
    public String help() {
        return help;
    }

    /** Label names in the order of {@link Family#add}. */
    public List<String> labels() {
        return labels;
    }

    /** Apart from the enum, whose constants need them before its own static fields exist. */
    private static final class Labels {
        static final List<String> WORKLOAD = List.of("namespace", "pod", "container", "comm");
        static final List<String> NONE = List.of();
    }
}
