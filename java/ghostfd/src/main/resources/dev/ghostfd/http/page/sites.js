/* SPDX-License-Identifier: Apache-2.0 */
/* The table of sites. */

import { element, text } from "./dom.js";
import { base, count, duration, frames, place, rate } from "./format.js";
import { Spark } from "./spark.js";
import { cell, confidence, opens, Table } from "./table.js";

const COLUMNS = [
    { title: "Process", class: "who" },
    { title: "Call site", class: "where" },
    { title: "Rule", class: "rule" },
    { title: "Kind", class: "kind" },
    { title: "Confidence", class: "certainty" },
    { title: "Leaks", class: "number" },
    { title: "Growth", class: "number growth" },
    { title: "Oldest", class: "number age" },
    { title: "Trend", class: "trend" },
];

/* What makes a site the same one from one answer to the next. */
export const siteKey = (site) =>
    JSON.stringify(["site", site.comm, site.container?.id, site.rule, site.kind, site.callSite]);

export class Sites {
    #table;
    #history;

    constructor(history, onChange) {
        this.#history = history;
        this.#table = new Table("sites", "site", COLUMNS, (site) => this.#row(site), onChange);
    }

    get query() {
        return this.#table.pager.window;
    }

    first() {
        this.#table.pager.first();
    }

    update({ sites, total }, filtered) {
        const nothing = filtered ? "No leak matches the filter." : "No leaks.";
        return this.#table.update(sites, total, siteKey, nothing);
    }

    #row(site) {
        const link = element("a", { class: "open" }, site.comm);
        const number = cell("number strong");
        const growth = cell("number growth");
        const age = cell("number age");
        const certainty = cell("certainty");
        const host = element("div", { class: "spark" });
        const where = place(site.container);
        const node = element(
            "tr",
            { class: "opens" },
            cell("who", link, where && [" ", element("span", { class: "place" }, where)]),
            cell("where", callSite(site.callSite)),
            cell("rule", site.rule),
            cell("kind", site.kind),
            certainty,
            number,
            growth,
            age,
            cell("trend", host),
        );
        const spark = new Spark(host, `Leaks of ${site.comm}`, 120, 24);
        const update = (now) => {
            opens(link, `#leak=${encodeURIComponent(now.exampleLeakId)}`);
            text(number, count(now.count));
            text(growth, now.growthPerMinute === undefined ? "" : rate(now.growthPerMinute));
            text(age, duration(now.oldestAgeSeconds));
            const words = certain(now);
            if (certainty.textContent !== words) {
                certainty.replaceChildren(confidence(now.confidence, words));
            }
            spark.update(this.#history.of(siteKey(now)));
        };
        return { node, update, destroy: () => spark.destroy() };
    }
}

/* `confirmed` of all its leaks, `60 confirmed` of some. */
const certain = ({ confidence, confirmedCount, count: leaks }) =>
    confidence === "confirmed" && confirmedCount < leaks ? `${count(confirmedCount)} confirmed` : confidence;

/* The innermost frame: that is the line that made the descriptor. An interpreter's says nothing. */
function callSite(site) {
    const frame = frames(site).find((one) => !one.runtime);
    if (!frame) {
        return element("span", { class: "unknown", title: "not known" }, "–");
    }
    return element(
        "span",
        { class: "frame", title: frame.where },
        element("code", {}, frame.name || base(frame.where)),
        frame.name && frame.where ? [" ", element("span", { class: "place" }, base(frame.where))] : "",
    );
}
