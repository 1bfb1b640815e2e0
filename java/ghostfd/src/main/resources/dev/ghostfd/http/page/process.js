/* SPDX-License-Identifier: Apache-2.0 */
/* One process in the drawer. */

import { relieve } from "./commands.js";
import { element } from "./dom.js";
import { count, duration, named, percent, place, rate } from "./format.js";
import { isUrgent } from "./limit.js";
import { facts, part } from "./parts.js";

export const processTitle = (process) => named(process);

/* chart: of its open descriptors; leaks: the part that lists them. */
export function processView(process, chart, leaks) {
    return [
        part("Open descriptors", chart, facts(limits(process))),
        isUrgent(process) ? part("First aid", relieve(process)) : "",
        part("By kind", kinds(process.byKind ?? {})),
        leaks,
        part("Facts", facts(processFacts(process))),
    ];
}

function limits(process) {
    const known = (value, shown) => (value === undefined ? undefined : shown(value));
    const ratio = known(process.ratio, (value) => `, ${percent(value)} of the soft limit`) ?? "";
    return {
        Open: element("span", { class: isUrgent(process) ? "urgent" : "" }, `${count(process.open)}${ratio}`),
        "Soft limit": known(process.softLimit, count),
        "Hard limit": known(process.hardLimit, count),
        Growth: known(process.growthPerMinute, rate),
        "Limit reached in": known(process.exhaustionSeconds, duration),
        Leaked: count(process.leaked),
        Zombies: count(process.unreapedChildren),
    };
}

function kinds(byKind) {
    const sorted = Object.entries(byKind).sort(([, a], [, b]) => b - a);
    const most = sorted[0]?.[1] ?? 1;
    const lines = sorted.map(([kind, number]) => {
        const fill = element("span", { class: "fill" });
        fill.style.width = `${(number / most) * 100}%`;
        const bar = [element("span", { class: "meter" }, fill), element("span", { class: "figure" }, count(number))];
        return [element("dt", {}, kind), element("dd", {}, bar)];
    });
    return element("dl", { class: "kinds" }, lines.flat());
}

function processFacts(process) {
    return {
        Executable: process.exe,
        Started: process.startTime,
        Container: place(process.container),
        Cgroup: process.cgroup,
        "All of it": element("a", { href: `api/v1/processes/${process.pid}` }, "descriptors and children, as JSON"),
    };
}
