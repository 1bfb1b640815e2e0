# SPDX-License-Identifier: Apache-2.0
"""Prints JMH's JSON as a Markdown table: python3 jmh-table.py FILE."""
import json
import sys


def number(value):
    if value < 0.05:
        return "0"
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


print("| benchmark | parameters | time per operation | ± (99.9 %) | allocated per operation |")
print("|---|---|---:|---:|---:|")
for run in json.load(open(sys.argv[1], encoding="utf-8")):
    metric = run["primaryMetric"]
    unit = metric["scoreUnit"].removesuffix("/op")
    allocated = run["secondaryMetrics"].get("gc.alloc.rate.norm", {}).get("score")
    parameters = ", ".join(f"{name}={value}" for name, value in run.get("params", {}).items())
    error = metric["scoreError"]
    print(
        "|",
        " | ".join([
            ".".join(run["benchmark"].split(".")[-2:]),
            parameters,
            f"{number(metric['score'])} {unit}",
            "" if error == "NaN" else f"{number(float(error))} {unit}",
            "" if allocated is None else f"{number(allocated)} B",
        ]),
        "|")
