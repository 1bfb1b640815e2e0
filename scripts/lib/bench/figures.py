# SPDX-License-Identifier: Apache-2.0
"""What is measured. Each function returns what it found as numbers, for the tables and the JSON."""
import statistics
import subprocess
import time

from loads import Holder, Loop
from tracers import Ghostfd, await_true, first, pinned

LOOPS = ["open-close", "spawn", "unrelated"]
PROCESSES = 250
MEBI = 1 << 20


def ratios(bench, tools):
    """Each tool in turn, each time between two runs without any; the ratio is to their mean, because machines drift."""
    traced = {tool.name: {loop: [] for loop in LOOPS} for tool in tools}
    untraced = {loop: [] for loop in LOOPS}
    for round_number in range(bench.rounds):
        for tool in tools:
            bench.say(f"round {round_number + 1} of {bench.rounds}: {tool.name}")
            with Loop(bench.loads, bench.load_cpu) as load:
                before = _nanos_each(load, bench)
                tool.start(load, bench.tracer_cpu)
                try:
                    during = _nanos_each(load, bench)
                finally:
                    tool.stop()
                after = _nanos_each(load, bench)
                for loop in LOOPS:
                    untraced[loop] += [before[loop], after[loop]]
                    traced[tool.name][loop].append(((before[loop] + after[loop]) / 2, during[loop]))
    return {
        "untracedNanos": {loop: _spread(values) for loop, values in untraced.items()},
        "tools": {
            name: {loop: {"ratio": _spread([during / without for without, during in pairs]),
                          "bestOfBoth": min(during for _, during in pairs) / min(untraced[loop]),
                          "nanos": _spread([during for _, during in pairs])}
                   for loop, pairs in loops.items()}
            for name, loops in traced.items()
        },
    }


def _nanos_each(load, bench):
    return {loop: load.run(loop, bench.seconds)[1] for loop in LOOPS}


def _spread(values):
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}


def flood(bench):
    """One pinned thread opens and closes as fast as it can."""
    with Loop(bench.loads, bench.load_cpu) as load:
        daemon = Ghostfd(bench.root)
        daemon.start(load, bench.tracer_cpu)
        try:
            cpu = daemon.cpu_seconds()
            done, nanos = load.run("open-close", bench.flood)
            cpu = daemon.cpu_seconds() - cpu
            # Figures are up to a second old: not before each of the calls is accounted for, as told or as lost, do they count.
            await_true(lambda: _told(daemon.metrics()) >= 2 * done, f"{2 * done} events to be read or counted as lost")
            metrics = daemon.metrics()
        finally:
            daemon.stop()
    return {"seconds": bench.flood, "pairs": done, "nanosEach": nanos, "events": metrics["ghostfd_events_total"],
            "lost": metrics["ghostfd_events_lost_total"], "ringBytes": metrics["ghostfd_ring_buffer_bytes"],
            "daemonCpuSeconds": cpu}


def _told(metrics):
    return metrics["ghostfd_events_total"] + metrics["ghostfd_events_lost_total"]


def mixed(bench):
    """Short-lived children and descriptors that come and go, at a pace (scripts/load/churn.c)."""
    seconds = max(5, int(15 * bench.seconds))
    load = subprocess.Popen(
        first(pinned(bench.load_cpu, ["sh", "-c", f"read -r go && exec {bench.loads}/churn {seconds} 5000 2000"])),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        daemon = Ghostfd(bench.root)
        daemon.start(load, bench.tracer_cpu)
        try:
            load.stdin.write("go\n")
            load.stdin.flush()
            load.stdout.readline()
            cpu = daemon.cpu_seconds()
            load.stdout.readline()
            cpu = daemon.cpu_seconds() - cpu
            time.sleep(2)
            metrics = daemon.metrics()
        finally:
            daemon.stop()
    finally:
        load.stdin.close()
        load.wait()
    return {"seconds": seconds, "spawnsPerMinute": 5000, "churnPerSecond": 2000, "daemonCpuSeconds": cpu,
            "lost": metrics["ghostfd_events_lost_total"], "repairs": metrics.get("ghostfd_repairs_total", 0)}


def memory(bench):
    """What 10,000 and a million descriptors cost at rest."""
    with Holder(bench.loads, bench.load_cpu, PROCESSES) as holder:
        daemon = Ghostfd(bench.root)
        daemon.start(holder, bench.tracer_cpu)
        try:
            return _memory(bench, holder, daemon)
        finally:
            daemon.stop()


def _memory(bench, holder, daemon):
    held = daemon.metrics()["ghostfd_tracked_descriptors"]

    def hold(each):
        # In steps that fit into the ring: what is lost comes by a snapshot, which is another measurement.
        nonlocal held
        while each:
            step = min(each, 100_000 // PROCESSES)
            holder.tell(f"hold {step}", "HELD")
            held += step * PROCESSES
            await_true(lambda: daemon.metrics()["ghostfd_tracked_descriptors"] == held, "the descriptors to be told")
            each -= step

    found = {"ready": daemon.resident_bytes()}
    hold(10_000 // PROCESSES)
    # Compiles the hot path, and uses every page of the ring: in steps, as above.
    for _ in range(6):
        holder.tell(f"churn {100_000 // PROCESSES}", "CHURNED")
        await_true(lambda: daemon.metrics()["ghostfd_ring_buffer_used_bytes"] == 0, "the ring to be read empty")
    # What runs twenty times a second is interpreted for a minute.
    time.sleep(60 * min(1, bench.seconds))
    found["idle"] = _idle_cpu(bench, daemon, 30)
    found["with10k"] = daemon.resident_bytes()
    hold(990_000 // PROCESSES)
    found["idleMillion"] = _idle_cpu(bench, daemon, 30)
    found["with1M"] = daemon.resident_bytes()
    found["bytesPerDescriptor"] = (found["with1M"] - found["with10k"]) / 990_000
    found["snapshotCpuSeconds"] = _snapshot_cpu(daemon)
    found["afterSnapshot"] = daemon.resident_bytes()
    found["lost"] = daemon.metrics()["ghostfd_events_lost_total"]
    return found


def _idle_cpu(bench, daemon, seconds):
    """Part of one CPU."""
    seconds = max(5, seconds * min(1, bench.seconds))
    time.sleep(3)
    before = daemon.cpu_seconds()
    time.sleep(seconds)
    return (daemon.cpu_seconds() - before) / seconds


def _snapshot_cpu(daemon):
    """CPU seconds of the two seconds around the next comparison of all tables, which comes every minute."""
    resyncs = daemon.metrics()["ghostfd_resyncs_total"] if "ghostfd_resyncs_total" in daemon.metrics() else 0
    history = []
    for _ in range(75):
        history.append(daemon.cpu_seconds())
        time.sleep(1)
        if daemon.metrics().get("ghostfd_resyncs_total", 0) > resyncs:
            time.sleep(2)
            return daemon.cpu_seconds() - history[-1]
    raise RuntimeError("no comparison with the kernel within 75 s")


def start(bench):
    """From the call of the script to 200 from /readyz."""
    wall, cpu = [], []
    with Loop(bench.loads, bench.load_cpu) as load:
        for _ in range(bench.rounds):
            daemon = Ghostfd(bench.root)
            wall.append(daemon.start(load, f"{bench.tracer_cpu},{bench.load_cpu}"))
            cpu.append(daemon.cpu_seconds())
            daemon.stop()
    return {"readySeconds": _spread(wall), "readyCpuSeconds": _spread(cpu)}
