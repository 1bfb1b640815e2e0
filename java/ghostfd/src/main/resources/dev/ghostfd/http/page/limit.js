/* SPDX-License-Identifier: Apache-2.0 */
/* How near a process is to its limit of open files. */

import { element, text } from "./dom.js";
import { percent } from "./format.js";

const HIGH_RATIO = 0.8;
const SOON_SECONDS = 3600;

/* Whether it may run into its limit before anybody has changed the code. */
export const isUrgent = (process) => process.ratio >= HIGH_RATIO || process.exhaustionSeconds < SOON_SECONDS;

/* A bar and its figure. */
export class Usage {
    #fill = element("span", { class: "fill" });
    #text = element("span", { class: "figure" });
    node = element("span", { class: "bar-figure" }, element("span", { class: "meter" }, this.#fill), this.#text);

    update(process) {
        const known = process.ratio !== undefined;
        this.node.classList.toggle("urgent", known && isUrgent(process));
        this.#fill.style.width = `${known ? Math.min(100, process.ratio * 100) : 0}%`;
        text(this.#text, known ? percent(process.ratio) : "");
    }
}
