# SPDX-License-Identifier: Apache-2.0
"""Prints JMH's JSON as a Markdown table: python3 jmh-table.py FILE. The median, not the mean: others may use the machine."""
import json
import statistics
import sys


def number(value):
    if value < 0.05:
        return "0"
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


print("| benchmark | parameters | median of an operation | least to most | allocated |")
print("|---|---|---:|---:|---:|")
for run in json.load(open(sys.argv[1], encoding="utf-8")):
    metric = run["primaryMetric"]
    unit = metric["scoreUnit"].removesuffix("/op")
    iterations = [value for fork in metric["rawData"] for value in fork]
    allocated = run["secondaryMetrics"].get("gc.alloc.rate.norm", {}).get("score")
    parameters = ", ".join(f"{name}={value}" for name, value in run.get("params", {}).items())
    cells = [
        ".".join(run["benchmark"].split(".")[-2:]),
        parameters,
        f"{number(statistics.median(iterations))} {unit}",
        f"{number(min(iterations))} to {number(max(iterations))}",
        "" if allocated is None else f"{number(allocated)} B",
    ]
    print("| " + " | ".join(cells) + " |")
