/* SPDX-License-Identifier: Apache-2.0 */
/* The table of processes, in an order that the daemon makes. */

import { attribute, element, text } from "./dom.js";
import { count, duration, place, rate } from "./format.js";
import { Usage } from "./limit.js";
import { Spark } from "./spark.js";
import { cell, opens, Table } from "./table.js";

const COLUMNS = [
    { title: "Process", class: "who" },
    { title: "Pid", class: "number pid" },
    { title: "Leaked", class: "number", sort: "leaked" },
    { title: "Zombies", class: "number zombies" },
    { title: "Open", class: "number", sort: "open" },
    { title: "Soft limit", class: "number limit" },
    { title: "Of limit", class: "usage", sort: "ratio" },
    { title: "Growth", class: "number growth", sort: "growth" },
    { title: "Limit in", class: "number left" },
    { title: "Open, trend", class: "trend" },
];

export const processKey = (process) => `process ${process.pid} ${process.startTime}`;

export class Processes {
    #table;
    #history;

    constructor(history, onChange) {
        this.#history = history;
        this.#table = new Table("processes", "process", COLUMNS, (process) => this.#row(process), onChange);
    }

    get query() {
        return { ...this.#table.pager.window, sort: this.#table.sort };
    }

    first() {
        this.#table.pager.first();
    }

    update({ processes, total }, filtered) {
        const nothing = filtered ? "No process matches the filter." : "No process is traced.";
        return this.#table.update(processes, total, processKey, nothing);
    }

    #row(process) {
        const link = element("a", { class: "open" });
        const where = place(process.container);
        const figures = {
            leaked: cell("number strong"),
            zombies: cell("number zombies"),
            open: cell("number"),
            limit: cell("number limit"),
            growth: cell("number growth"),
            left: cell("number left"),
        };
        const usage = new Usage();
        const host = element("div", { class: "spark" });
        const node = element(
            "tr",
            { class: "opens" },
            cell("who", link, where && [" ", element("span", { class: "place" }, where)]),
            cell("number pid", String(process.pid)),
            figures.leaked,
            figures.zombies,
            figures.open,
            figures.limit,
            cell("usage", usage.node),
            figures.growth,
            figures.left,
            cell("trend", host),
        );
        const spark = new Spark(host, `Open descriptors of ${process.comm}`, 120, 24);
        const update = (now) => {
            text(link, now.comm);
            opens(link, `#process=${now.pid}`);
            attribute(link, "title", now.exe);
            showFigures(figures, now);
            usage.update(now);
            spark.update(this.#history.of(processKey(now)));
        };
        return { node, update, destroy: () => spark.destroy() };
    }
}

function showFigures(figures, process) {
    const known = (value, shown) => (value === undefined ? "" : shown(value));
    text(figures.leaked, count(process.leaked));
    figures.leaked.classList.toggle("zero", process.leaked === 0);
    text(figures.zombies, count(process.unreapedChildren));
    figures.zombies.classList.toggle("zero", process.unreapedChildren === 0);
    text(figures.open, count(process.open));
    text(figures.limit, known(process.softLimit, count));
    text(figures.growth, known(process.growthPerMinute, rate));
    text(figures.left, known(process.exhaustionSeconds, duration));
}
