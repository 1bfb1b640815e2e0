/* SPDX-License-Identifier: Apache-2.0 */
/* What the tables have in common: heads that sort, a window over many rows, and cells. */

import { attribute, byId, element, KeyedList, text } from "./dom.js";
import { count, plural } from "./format.js";

const ROWS = 25;

/* The window of a list that is shown; the daemon is never asked for more than that. */
export class Pager {
    #host;
    #range = element("span", { class: "range" });
    #previous = element("button", { type: "button", click: () => this.#move(-ROWS) }, "Previous");
    #next = element("button", { type: "button", click: () => this.#move(ROWS) }, "Next");
    #what;
    #onMove;
    #offset = 0;

    constructor(host, what, onMove) {
        this.#host = host;
        this.#what = what;
        this.#onMove = onMove;
        this.#previous.setAttribute("aria-label", `Previous ${what.many}`);
        this.#next.setAttribute("aria-label", `Next ${what.many}`);
        host.append(this.#range, this.#previous, this.#next);
    }

    get window() {
        return { limit: ROWS, offset: this.#offset };
    }

    first() {
        this.#offset = 0;
    }

    /* Tells whether the window still lies on the list; it has been moved back if not. */
    update(total, shown) {
        if (shown === 0 && this.#offset > 0) {
            this.#offset = Math.max(0, Math.floor((total - 1) / ROWS) * ROWS);
            return false;
        }
        const last = this.#offset + shown;
        const range = `${count(this.#offset + 1)} to ${count(last)} of ${count(total)}`;
        text(this.#range, total > ROWS ? range : plural(total, this.#what.one, this.#what.many));
        this.#previous.disabled = this.#offset === 0;
        this.#next.disabled = last >= total;
        this.#host.classList.toggle("single", total <= ROWS);
        return true;
    }

    #move(rows) {
        this.#offset = Math.max(0, this.#offset + rows);
        this.#onMove();
    }
}

/* One of the two tables, with its heads, window and empty text. */
export class Table {
    #list;
    #empty;
    pager;

    /*
     * id: its rows in the plural, and how its elements' ids begin; one: the singular; columns: { title, class, sort? }.
     * A row is made by createRow(item); onChange is called when other rows are wanted.
     */
    constructor(id, one, columns, createRow, onChange) {
        this.#list = new KeyedList(byId(`${id}-rows`), createRow);
        this.#empty = byId(`${id}-empty`);
        this.pager = new Pager(byId(`${id}-pager`), { one, many: id }, onChange);
        byId(`${id}-head`).append(...columns.map((column) => this.#head(column, onChange)));
    }

    /* The order asked for, of a table whose columns have one. */
    sort = "";
    #sortable = [];

    #head(column, onChange) {
        if (!column.sort) {
            return element("th", { scope: "col", class: column.class }, column.title);
        }
        const head = element("th", { scope: "col", class: column.class });
        const sortBy = () => {
            this.sort = column.sort;
            this.pager.first();
            this.#showSort();
            onChange();
        };
        head.append(element("button", { type: "button", class: "sort", click: sortBy }, column.title));
        this.#sortable.push({ head, sort: column.sort });
        this.sort ||= column.sort;
        this.#showSort();
        return head;
    }

    #showSort() {
        for (const { head, sort } of this.#sortable) {
            // Always the greatest first: nobody looks for the process that leaks least.
            head.setAttribute("aria-sort", sort === this.sort ? "descending" : "none");
        }
    }

    /* Tells whether the rows were right; if not, the window has moved and others have to be asked for. */
    update(rows, total, keyOf, emptyText) {
        this.#list.update(rows, keyOf);
        text(this.#empty, rows.length === 0 ? emptyText : "");
        this.#empty.hidden = rows.length > 0;
        return this.pager.update(total, rows.length);
    }
}

/* Where a row's link leads, and whether that is what the drawer shows. */
export function opens(link, address) {
    attribute(link, "href", address);
    attribute(link, "aria-current", location.hash === address ? "true" : undefined);
}

export const cell = (className, ...children) => element("td", { class: className }, ...children);

/* How certain a finding is, in words and by a mark that does not need colour. */
export const confidence = (word, words = word) => element("span", { class: `confidence ${word}` }, words);
