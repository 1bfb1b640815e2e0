/* SPDX-License-Identifier: Apache-2.0 */
/* What the drawer is made of. */

import { element } from "./dom.js";

/* Some content under a head. */
export const part = (title, ...content) => element("section", { class: "part" }, element("h3", {}, title), ...content);

/* Names and values; those that are not known are left out. */
export function facts(values) {
    const known = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
    const lines = known.map(([name, value]) => [
        element("dt", {}, name),
        element("dd", {}, value instanceof Node ? value : String(value)),
    ]);
    return element("dl", { class: "facts" }, lines.flat());
}
