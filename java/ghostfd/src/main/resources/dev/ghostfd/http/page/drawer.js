/* SPDX-License-Identifier: Apache-2.0 */
/* The drawer: what the address names after its #, a leak or a process, told in full. */

import { get } from "./api.js";
import { byId, element, text } from "./dom.js";
import { count } from "./format.js";
import { leakLine, leakState, leakTitle, leakView, updateAge } from "./leak.js";
import { isUrgent } from "./limit.js";
import { part } from "./parts.js";
import { processTitle, processView } from "./process.js";
import { processKey } from "./processes.js";
import { Spark } from "./spark.js";

const LINES = 12;
const CHART_WIDTH = 440;
const CHART_HEIGHT = 120;
const CHART_MARGIN = 18;

/* Beside the tables where there is room for both, in front of them where not. */
const BESIDE = matchMedia("(min-width: 64rem)");

export class Drawer {
    #dialog = byId("drawer");
    #title = byId("drawer-title");
    #body = byId("drawer-body");
    #shown = "";
    #state = "";
    #openedFrom = null;
    #history;
    #chart = null;

    /* onOpen is called when the address asks for something else, which is to be fetched at once. */
    constructor(history, onOpen) {
        this.#history = history;
        addEventListener("hashchange", () => {
            this.#follow();
            onOpen();
        });
        byId("drawer-close").addEventListener("click", () => this.#close());
        this.#dialog.addEventListener("cancel", (event) => {
            event.preventDefault();
            this.#close();
        });
        addEventListener("keydown", (event) => {
            if (event.key === "Escape" && this.#dialog.open) {
                this.#close();
            }
        });
        BESIDE.addEventListener("change", () => this.#reopen());
        this.#follow();
    }

    /* What the address asks for: { leak: id }, { process: pid } or nothing. */
    get #wanted() {
        const [name, value] = location.hash.slice(1).split("=", 2);
        return (name === "leak" || name === "process") && value ? { [name]: decodeURIComponent(value) } : undefined;
    }

    #follow() {
        if (!this.#wanted) {
            this.#hide();
            return;
        }
        if (location.hash !== this.#shown) {
            this.#shown = location.hash;
            this.#state = "";
            text(this.#title, "Loading");
            this.#body.replaceChildren();
            this.#forgetChart();
        }
        if (!this.#dialog.open) {
            this.#openedFrom = document.activeElement;
            this.#open();
        }
        this.#title.focus();
        this.#dialog.scrollTop = 0;
    }

    #open() {
        document.documentElement.classList.add("with-drawer");
        if (BESIDE.matches) {
            this.#dialog.show();
        } else {
            this.#dialog.showModal();
        }
    }

    #reopen() {
        if (this.#dialog.open) {
            this.#dialog.close();
            this.#open();
        }
    }

    #close() {
        history.pushState(null, "", location.pathname + location.search);
        this.#hide();
    }

    #hide() {
        this.#shown = "";
        this.#forgetChart();
        document.documentElement.classList.remove("with-drawer");
        if (this.#dialog.open) {
            this.#dialog.close();
            this.#openedFrom?.focus?.();
        }
    }

    /* Fetches and shows what is wanted, as it is now. */
    async update(signal) {
        const wanted = this.#wanted;
        if (wanted?.leak) {
            await this.#updateLeak(wanted.leak, signal);
        } else if (wanted?.process) {
            await this.#updateProcess(wanted.process, signal);
        }
    }

    async #updateLeak(id, signal) {
        const { leaks } = await get("leaks", { id, limit: 1 }, signal);
        const [leak] = leaks;
        if (!leak) {
            this.#gone("This leak is over: the descriptor was closed, the child waited for, or the process has ended.");
            return;
        }
        const { pid } = leak.process;
        const [{ processes }, others] = await Promise.all([
            get("processes", { pid, limit: 1 }, signal),
            get("leaks", { pid, rule: leak.rule, limit: LINES }, signal),
        ]);
        const urgent = processes.filter(isUrgent).map(({ softLimit, hardLimit }) => [softLimit, hardLimit]);
        this.#render([leakState(leak), urgent, lineState(others)], leakTitle(leak), () => [
            ...leakView(leak, processes[0]),
            lines("The same in this process", others, { pid, rule: leak.rule }, leak.id),
        ]);
        updateAge(this.#body, leak);
    }

    async #updateProcess(pid, signal) {
        if (!/^\d{1,10}$/.test(pid)) {
            this.#gone("This address names no process.");
            return;
        }
        const [{ processes }, leaks] = await Promise.all([
            get("processes", { pid, limit: 1 }, signal),
            get("leaks", { pid, limit: LINES }, signal),
        ]);
        const [process] = processes;
        if (!process) {
            this.#gone("This process has ended, or is not traced.");
            return;
        }
        this.#render([process, lineState(leaks)], processTitle(process), () =>
            processView(process, this.#chartOf(process), lines("Leaks and zombies", leaks, { pid })),
        );
        // Also of a process that is not in the table's window.
        this.#history.add(processKey(process), Date.now() / 1000, process.open);
        this.#chart.spark.update(this.#history.of(processKey(process)));
    }

    /* One chart, which outlives what is written around it. */
    #chartOf(process) {
        if (!this.#chart) {
            const host = element("div", { class: "spark" });
            const width = Math.min(CHART_WIDTH, this.#body.clientWidth - 2 * CHART_MARGIN);
            const spark = new Spark(host, `Open descriptors of ${process.comm}`, width, CHART_HEIGHT, true);
            this.#chart = { host: element("div", { class: "chart quiet" }, host), spark };
        }
        return this.#chart.host;
    }

    #forgetChart() {
        this.#chart?.spark.destroy();
        this.#chart = null;
    }

    /* Anew only if something has changed, and then with the focus and what was unfolded as before. */
    #render(state, title, content) {
        text(this.#title, title);
        const next = JSON.stringify(state);
        if (next === this.#state) {
            return;
        }
        this.#state = next;
        const unfolded = [...this.#body.querySelectorAll("details[open]")].map((details) => details.id);
        const focused = this.#focusable().indexOf(document.activeElement);
        this.#body.replaceChildren(...content().filter((child) => child !== ""));
        unfolded.forEach((id) => this.#body.querySelector(`#${id}`)?.setAttribute("open", ""));
        this.#focusable()[focused]?.focus();
    }

    #focusable() {
        return [...this.#body.querySelectorAll("a, button, summary")];
    }

    /* Keeps what was known, under a note that it is history. */
    #gone(words) {
        this.#state = "";
        if (this.#title.textContent === "Loading") {
            text(this.#title, "Not found");
        }
        if (!this.#body.querySelector(".gone")) {
            this.#body.prepend(element("p", { class: "gone", role: "status" }, words));
        }
    }
}

/* The first of some leaks; all of them are a click away. */
function lines(title, { total, leaks }, query, current) {
    if (total === 0) {
        return part(title, element("p", { class: "quiet" }, "None."));
    }
    const list = element("ul", { class: "lines" }, leaks.map((leak) => leakLine(leak, leak.id === current)));
    const all = element("a", { href: `api/v1/leaks?${new URLSearchParams(query)}` }, "all, as JSON");
    const rest = element("p", { class: "quiet small" }, `and ${count(total - leaks.length)} more: `, all);
    return part(`${title}: ${count(total)}`, list, total > leaks.length ? rest : "");
}

const lineState = ({ total, leaks }) => [total, leaks.map((leak) => leak.id)];
