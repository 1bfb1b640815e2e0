/* SPDX-License-Identifier: Apache-2.0 */
/* One leak in the drawer. */

import { checkByHand, relieve } from "./commands.js";
import { element, text } from "./dom.js";
import { count, duration, named, place, zone } from "./format.js";
import { isUrgent } from "./limit.js";
import { facts, part } from "./parts.js";
import { story } from "./story.js";
import { confidence } from "./table.js";

export function leakTitle(leak) {
    if (leak.rule === "growth") {
        return `${named(leak.process)} ever more of kind ${leak.kind}`;
    }
    if (leak.descriptor?.fd !== undefined) {
        return `${named(leak.process)} descriptor ${leak.descriptor.fd}`;
    }
    return leak.rule === "unreaped-child" && leak.child
        ? `${named(leak.process)} child ${leak.child.pid}`
        : named(leak.process);
}

/* What changes with time alone is left out of the comparison, and written by updateAge. */
export const leakState = ({ ageSeconds, ...rest }) => rest;

export function updateAge(node, leak) {
    node.querySelectorAll("[data-age]").forEach((age) => text(age, duration(leak.ageSeconds)));
}

/* process: its row of the list of processes, if it is there. */
export function leakView(leak, process) {
    return [
        element(
            "p",
            { class: "badges" },
            confidence(leak.confidence),
            element("span", { class: "badge" }, leak.rule),
            element("span", { class: "badge" }, leak.kind),
            element("span", { class: "quiet" }, "for ", element("span", { "data-age": "" }, duration(leak.ageSeconds))),
        ),
        process && isUrgent(process) ? part("First aid", relieve(process)) : "",
        part("What happened", story(leak), element("p", { class: "quiet small" }, `Times are those of ${zone()}.`)),
        part("What to change", element("p", { class: "hint" }, leak.hint ?? "")),
        part("Check by hand", ...checkByHand(leak)),
        part("Facts", facts(leakFacts(leak))),
    ];
}

function leakFacts({ process, descriptor, child, origin, peer, id }) {
    return {
        Process: element("a", { href: `#process=${process.pid}` }, named(process)),
        Executable: process.exe,
        Container: place(process.container),
        Cgroup: process.cgroup,
        Inode: descriptor?.inode,
        "Close-on-exec": { true: "yes", false: "no" }[descriptor?.closeOnExec],
        "Readers, writers": peer && `${peer.readers}, ${peer.writers}`,
        Child: child && named(child),
        Origin: origin,
        Id: id,
    };
}

function briefly({ rule, kind, count: number, child, descriptor }) {
    if (rule === "unreaped-child" && child) {
        return `zombie ${named(child)}`;
    }
    if (rule === "growth" || descriptor?.fd === undefined) {
        return `${count(number)} of kind ${kind}`;
    }
    return `descriptor ${descriptor.fd}${child ? `, for ${named(child)}` : ""}`;
}

/* A line in a list of leaks. */
export function leakLine(leak, current) {
    const address = `#leak=${encodeURIComponent(leak.id)}`;
    return element(
        "li",
        {},
        element("a", { href: address, "aria-current": current && "true" }, briefly(leak)),
        element("span", { class: "quiet" }, leak.rule),
    );
}
