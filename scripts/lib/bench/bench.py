# SPDX-License-Identifier: Apache-2.0
"""scripts/bench after everything has been installed and built."""
import argparse
import json
import os
import platform
import sys

import figures
import report
import tracers

SECTIONS = ["ratios", "flood", "mixed", "memory", "start"]


class Bench:
    """What was asked for."""

    def __init__(self, arguments):
        self.root = arguments.root
        self.loads = arguments.loads
        self.rounds = arguments.rounds
        self.seconds = arguments.seconds
        self.flood = arguments.flood
        cpus = sorted(os.sched_getaffinity(0))
        self.load_cpu, self.tracer_cpu = cpus[-1], cpus[-2]

    @staticmethod
    def say(text):
        print("bench:", text, file=sys.stderr)


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        model = next((line.split(":")[1].strip() for line in info if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    return {"cpu": model, "cpus": os.cpu_count(), "memoryGiB": round(memory), "kernel": platform.release(),
            "loadAverage": os.getloadavg()[0]}


def main():
    parser = argparse.ArgumentParser()
    for path in ("--root", "--loads", "--output"):
        parser.add_argument(path, required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--flood", type=float, default=60)
    arguments = parser.parse_args()
    bench = Bench(arguments)
    tools = tracers.tools(bench.root)
    only = [name for name in arguments.only.split(",") if name]
    unknown = set(only) - set(SECTIONS) - {tool.name for tool in tools}
    if unknown or bench.rounds < 1 or bench.seconds <= 0 or bench.flood <= 0:
        sys.exit(f"bench: unknown: {', '.join(sorted(unknown))}" if unknown else "bench: a number must be positive")
    named = [tool for tool in tools if tool.name in only]
    sections = [section for section in SECTIONS if section in only] or (["ratios"] if named else SECTIONS)
    found = {"machine": machine(), "rounds": bench.rounds, "seconds": bench.seconds}
    for section in sections:
        bench.say(section)
        if section == "ratios":
            found[section] = figures.ratios(bench, named or tools)
        else:
            found[section] = getattr(figures, section)(bench)
    with open(os.path.join(arguments.output, "bench.json"), "w", encoding="utf-8") as out:
        json.dump(found, out, indent=2)
    text = report.markdown(found)
    with open(os.path.join(arguments.output, "bench.md"), "w", encoding="utf-8") as out:
        out.write(text)
    print(text, end="")


main()
