# SPDX-License-Identifier: Apache-2.0
"""The tables of what was measured, in Markdown."""
MEBI = 1 << 20
TARGETS = {"open-close": 1.40, "spawn": 1.03, "unrelated": 1.40}
TITLES = {"open-close": "open + close", "spawn": "pipe, spawn, read, wait", "unrelated": "getppid"}


def markdown(found):
    machine = found["machine"]
    parts = [f"{machine['cpu']}, {machine['cpus']} CPUs, {machine['memoryGiB']} GiB, Linux {machine['kernel']}; "
             f"load average at the start {machine['loadAverage']:.1f}.\n"]
    if "ratios" in found:
        parts.append(_ratios(found))
    rows = [row for section in ("flood", "mixed", "memory", "start") if section in found
            for row in globals()["_" + section](found[section])]
    if rows:
        parts.append("| the daemon | measured | target | |\n|---|---:|---:|---|\n"
                     + "".join(f"| {name} | {value} | {target} | {_mark(met)} |\n" for name, value, target, met in rows))
    return "\n".join(parts)


def _mark(met):
    return {True: "met", False: "**missed**", None: ""}[met]


def _ratios(found):
    ratios = found["ratios"]
    lines = [f"Time of one operation, traced to untraced: median of {found['rounds']} pairs of runs (least to most), "
             f"{found['seconds']} s each.\n",
             "| | " + " | ".join(TITLES.values()) + " |",
             "|---|" + "---:|" * len(TITLES)]
    base = ratios["untracedNanos"]
    lines.append("| untraced | " + " | ".join(_nanos(base[loop]) for loop in TITLES) + " |")
    for tool, loops in ratios["tools"].items():
        lines.append(f"| {tool} | " + " | ".join(_ratio(loops[loop]["ratio"]) for loop in TITLES) + " |")
    lines.append("| target for ghostfd | " + " | ".join(f"≤ {TARGETS[loop]:.2f}×" for loop in TITLES) + " |")
    return "\n".join(lines) + "\n"


def _nanos(spread):
    unit, divisor = ("µs", 1000) if spread["median"] >= 10_000 else ("ns", 1)
    return " ".join([f"{spread['median'] / divisor:,.0f} {unit}",
                     f"({spread['least'] / divisor:,.0f} to {spread['most'] / divisor:,.0f})"])


def _ratio(spread):
    return f"{spread['median']:.2f}× ({spread['least']:.2f} to {spread['most']:.2f})"


def _flood(flood):
    name = (f"lost events while one thread opens and closes as fast as it can for {flood['seconds']:.0f} s "
            f"({flood['events'] / 1e6:,.1f} M events, ring of {flood['ringBytes'] / MEBI:.0f} MiB)")
    yield name, f"{flood['lost']:.0f}", "0", flood["lost"] == 0
    yield ("CPU for that, of one CPU", f"{100 * flood['daemonCpuSeconds'] / flood['seconds']:.0f} %", "", None)


def _mixed(mixed):
    name = f"CPU under {mixed['spawnsPerMinute']:,} children a minute and {mixed['churnPerSecond']:,} other calls a second"
    yield name, f"{100 * mixed['daemonCpuSeconds'] / mixed['seconds']:.1f} %", "", None
    yield "lost events and repairs under that", f"{mixed['lost']:.0f}, {mixed['repairs']:.0f}", "0, 0", \
        mixed["lost"] == mixed["repairs"] == 0


def _memory(memory):
    yield "resident when ready", f"{memory['ready'] / MEBI:.1f} MiB", "", None
    yield from (
        (name, f"{memory[key] / MEBI:.1f} MiB", f"≤ {most} MiB", memory[key] <= most * MEBI)
        for name, key, most in (("resident with 10,000 descriptors, the ring used once", "with10k", 96),
                                ("resident with 1,000,000 descriptors", "with1M", 160),
                                ("the same after a snapshot of all", "afterSnapshot", 160)))
    yield "bytes per descriptor", f"{memory['bytesPerDescriptor']:.1f}", "≤ 64", memory["bytesPerDescriptor"] <= 64
    yield "CPU when nothing happens", f"{100 * memory['idle']:.2f} %", "≤ 0.50 %", memory["idle"] <= 0.005
    yield "the same with 1,000,000 descriptors", f"{100 * memory['idleMillion']:.2f} %", "", None
    yield ("CPU for a snapshot of 1,000,000 descriptors, kernel and reader", f"{memory['snapshotCpuSeconds']:.2f} s", "≤ 1 s",
           memory["snapshotCpuSeconds"] <= 1)
    yield "lost events", f"{memory['lost']:.0f}", "0", memory["lost"] == 0


def _start(start):
    ready, cpu = start["readySeconds"], start["readyCpuSeconds"]
    yield ("ready after, from the call of the script", f"{ready['median']:.2f} s ({ready['least']:.2f} to {ready['most']:.2f})",
           "≤ 1.0 s", ready["median"] <= 1.0)
    yield ("CPU until then", f"{cpu['median']:.2f} s ({cpu['least']:.2f} to {cpu['most']:.2f})", "≤ 0.5 s",
           cpu["median"] <= 0.5)
