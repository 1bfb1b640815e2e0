/* SPDX-License-Identifier: Apache-2.0 */
/* The five figures at the top. */

import { attribute, byId, element, text } from "./dom.js";
import { count, duration, named, percent, plural, rate } from "./format.js";
import { isUrgent } from "./limit.js";
import { Spark } from "./spark.js";

/* Zombies are no descriptors, and are always confirmed. */
export function totals({ leaks }) {
    const zombies = leaks.byRule["unreaped-child"] ?? 0;
    return { descriptors: leaks.count - zombies, confirmed: leaks.confirmedCount - zombies, zombies };
}

class Tile {
    #node = element("div", { class: "tile" });
    #value = element("dd", { class: "value" });
    #note = element("dd", { class: "note" });

    constructor(id, title) {
        this.#node.id = `tile-${id}`;
        this.#node.append(element("dt", {}, title), this.#value, this.#note);
        byId("tiles").append(this.#node);
    }

    get node() {
        return this.#node;
    }

    /* tone: bad, warn or good; link: where the note leads. */
    show(value, note, tone = "", link = "") {
        text(this.#value, value);
        attribute(this.#node, "data-tone", tone);
        if (!link) {
            text(this.#note, note);
            return;
        }
        const anchor = this.#note.querySelector("a") ?? element("a");
        if (!anchor.isConnected) {
            this.#note.replaceChildren(anchor);
        }
        attribute(anchor, "href", link);
        text(anchor, note);
    }
}

export class Tiles {
    #leaked = new Tile("leaked", "Leaked");
    #growing = new Tile("growing", "Growing");
    #ratio = new Tile("ratio", "Nearest to its limit");
    #lost = new Tile("lost", "Lost events");
    #state = new Tile("state", "State");
    #spark;

    constructor() {
        const host = element("div", { class: "spark" });
        this.#leaked.node.append(element("dd", { class: "chart" }, host));
        this.#spark = new Spark(host, "Leaked descriptors", 110, 30);
    }

    /* growing: processes, the fastest first; nearest: the process with the highest ratio, if there is any. */
    update(status, growing, nearest, history) {
        this.#showLeaked(totals(status), history);
        this.#showGrowing(growing, status.leaks.byRule.growth);
        this.#showNearest(nearest);
        this.#showLost(status.lost ?? []);
        this.#showState(status);
    }

    #showLeaked(leaks, history) {
        const { descriptors, confirmed, zombies } = leaks;
        const suspected = descriptors - confirmed;
        const parts = [
            confirmed && `${count(confirmed)} confirmed`,
            suspected && `${count(suspected)} suspected`,
            zombies && `${plural(zombies, "zombie")}`,
        ];
        const tone = confirmed ? "bad" : descriptors ? "warn" : "good";
        this.#leaked.show(count(descriptors), parts.filter(Boolean).join(", ") || "nothing to report", tone);
        this.#spark.update(history);
    }

    /* found: descriptors of kinds that rise, while all that the process holds need not; undefined if nobody looks. */
    #showGrowing(growing, found) {
        const soonest = growing
            .filter((process) => process.exhaustionSeconds !== undefined)
            .sort((a, b) => a.exhaustionSeconds - b.exhaustionSeconds)[0];
        const shown = soonest ?? growing[0];
        if (!shown) {
            this.#showGrowingKinds(found);
            return;
        }
        const left = soonest ? `, limit in ${duration(soonest.exhaustionSeconds)}` : "";
        const tone = isUrgent(shown) ? "bad" : "warn";
        const note = `${named(shown)} ${rate(shown.growthPerMinute)}${left}`;
        this.#growing.show(plural(growing.length, "process", "processes"), note, tone, `#process=${shown.pid}`);
    }

    #showGrowingKinds(found) {
        if (found === undefined) {
            this.#growing.show("–", "not measured");
        } else if (found === 0) {
            this.#growing.show("0", "no process grows steadily", "good");
        } else {
            this.#growing.show(plural(found, "descriptor"), "of kinds that rise steadily", "warn");
        }
    }

    #showNearest(process) {
        if (process?.ratio === undefined) {
            this.#ratio.show("–", "no process with a known limit");
            return;
        }
        const note = `${named(process)}, ${count(process.open)} of ${count(process.softLimit)}`;
        const tone = isUrgent(process) ? "bad" : "good";
        this.#ratio.show(percent(process.ratio), note, tone, `#process=${process.pid}`);
    }

    #showLost(lost) {
        const reasons = lost.filter((loss) => loss.count > 0);
        const total = reasons.reduce((sum, loss) => sum + loss.count, 0);
        const note = reasons.map((loss) => `${loss.reason} ${count(loss.count)}`).join(", ");
        this.#lost.show(count(total), note || "none since the start", total ? "warn" : "good");
    }

    #showState(status) {
        if (status.ready) {
            const lag = status.lagSeconds >= 0.001 ? `, ${duration(status.lagSeconds)} behind` : "";
            this.#state.show("Complete", `every event seen${lag}`, "good");
        } else if (status.stateComplete === false) {
            this.#state.show("Healing", status.notReady ?? "a snapshot repairs what was missed", "warn");
        } else {
            this.#state.show("Not ready", status.notReady ?? "", "warn");
        }
    }
}
