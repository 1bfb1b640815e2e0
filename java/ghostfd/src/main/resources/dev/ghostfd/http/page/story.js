/* SPDX-License-Identifier: Apache-2.0 */
/* The story of one leak as a timeline: opened here, given to this child, the child's end, who is left, and now. */

import { element } from "./dom.js";
import { clock, count, duration, frames, named, plural, rate, signal } from "./format.js";

const ENDS = { read: "the read end", write: "the write end", master: "the master side", slave: "the slave side" };
const OTHER_ENDS = { read: "the write end", write: "the read end", master: "the slave side", slave: "the master side" };

/* What the child had to do with the descriptor, by rule. */
const CHILD_PARTS = {
    "dead-pidfd": "started; the descriptor refers to it",
    "outlives-child": "started and received the descriptor as its stdin, stdout or stderr",
    "stray-inherited": "started; the descriptor was made for it",
    "unreaped-child": "started",
};

const CAUSES = {
    descendant: "a descendant of the child, which inherited it",
    sibling: "started by the same process, and got a copy for want of close-on-exec",
};

/* An <ol>. Whatever is not known is left out. */
export function story(leak) {
    const steps = [opened(leak), given(leak), ended(leak), ...holders(leak), now(leak)].filter(Boolean);
    let before;
    const items = steps.map((step) => {
        const at = step.at ? new Date(step.at) : undefined;
        const gap = at && before ? (at - before) / 1000 : undefined;
        before = at ?? before;
        return item(step, at, gap);
    });
    return element("ol", { class: "story" }, items);
}

function item({ kind, title, details = [], age }, at, gap) {
    const time = at
        ? element("time", { datetime: at.toISOString(), title: at.toISOString() }, clock(at, true))
        : element("span", { class: "unknown" }, age ? "now" : "");
    const later = gap < 0.001 ? "at once" : `+${duration(gap)}`;
    const since = gap === undefined ? "" : element("span", { class: "gap" }, later);
    return element(
        "li",
        { class: kind },
        element("div", { class: "when" }, time, since),
        element("div", { class: "what" }, element("p", {}, title), details),
    );
}

const strong = (words) => element("strong", {}, words);

function what({ kind, descriptor }) {
    const end = ENDS[descriptor.end];
    return end ? `, ${end} of a ${kind}` : `, a ${kind}`;
}

const other = (leak) => OTHER_ENDS[leak.descriptor?.end] ?? "the other end";

function opened(leak) {
    const { descriptor, origin } = leak;
    if (!descriptor) {
        return undefined;
    }
    const thing = [strong(`descriptor ${descriptor.fd}`), what(leak)];
    if (origin === "before-start") {
        return { kind: "opened", title: ["Before ghostfd started: ", ...thing] };
    }
    if (origin === "snapshot") {
        return { kind: "opened", title: ["Seen in the kernel's tables only, not when opened: ", ...thing] };
    }
    return {
        kind: "opened",
        at: descriptor.openedAt,
        title: [strong(named(leak.process)), " opened ", ...thing],
        details: [
            leak.rule === "growth" ? element("p", { class: "detail" }, "the newest of them") : "",
            thread(leak),
            sleeper(descriptor),
            ...callSite(descriptor.callSite),
        ],
    };
}

function thread({ process, descriptor }) {
    const { tid, comm } = descriptor.openedBy ?? {};
    if (!tid || tid === process.pid) {
        return "";
    }
    return element("p", { class: "detail" }, `in thread ${tid}${comm ? `, ${comm}` : ""}`);
}

function sleeper({ blockedThread }) {
    if (!blockedThread) {
        return "";
    }
    const { tid, comm, syscall } = blockedThread;
    return element("p", { class: "detail" }, `thread ${tid}, ${comm}, waits at it in ${syscall}`);
}

/* The line that made it, and behind it how the program got there. */
function callSite(site) {
    const all = frames(site);
    if (all.length === 0) {
        return [];
    }
    const line = ({ name, where }) => [
        element("code", {}, name),
        where ? [" ", element("code", { class: "place" }, where)] : "",
    ].flat();
    const first = element("p", { class: "detail frame" }, line(all[0]));
    if (all.length === 1) {
        return [first];
    }
    const rest = all.slice(1).map((frame) => element("li", {}, line(frame)));
    const summary = element("summary", {}, `called from ${plural(rest.length, "more frame")}`);
    return [first, element("details", { id: "stack" }, summary, element("ol", { class: "stack" }, rest))];
}

function given(leak) {
    const { child, rule } = leak;
    if (!child) {
        return undefined;
    }
    const part = CHILD_PARTS[rule] ?? `started and was given ${other(leak)}`;
    return { kind: "given", at: child.startedAt, title: ["Child ", strong(named(child)), ` ${part}`] };
}

function ended({ child }) {
    if (!child || (child.exitedAt === undefined && child.exitCode === undefined && !child.signal)) {
        return undefined;
    }
    const how = child.signal
        ? ` was killed by ${signal(child.signal)}`
        : ` exited${child.exitCode === undefined ? "" : ` with code ${child.exitCode}`}`;
    const reaped = { true: "and was waited for", false: "and nobody has waited for it: a zombie" }[child.reaped];
    return {
        kind: "ended",
        at: child.exitedAt,
        title: [strong(named(child)), how],
        details: [reaped ? element("p", { class: "detail" }, reaped) : ""],
    };
}

function holders(leak) {
    const { peer } = leak;
    if (!peer) {
        return [];
    }
    const living = (peer.holders ?? []).map((holder) => ({
        kind: "holder",
        title: [strong(named(holder)), ` still holds ${other(leak)}, as its descriptor ${holder.fd}`],
        details: [element("p", { class: "detail" }, CAUSES[holder.cause] ?? holder.cause ?? "")],
    }));
    const left = leak.descriptor?.end === "write" ? peer.readers : peer.writers;
    if (living.length > 0 || left !== 0) {
        return living;
    }
    const unread = peer.bufferedBytes > 0 ? `; ${plural(peer.bufferedBytes, "byte")} lie unread in it` : "";
    return [{ kind: "nobody", title: [`Nobody holds ${other(leak)} any more${unread}`] }];
}

function now(leak) {
    const who = strong(named(leak.process));
    const age = element("span", { "data-age": "" }, duration(leak.ageSeconds));
    const since = element("p", { class: "detail" }, "for ", age);
    if (leak.rule === "unreaped-child") {
        return { kind: "now", age: true, title: [who, " has not waited for it"], details: [since] };
    }
    if (leak.rule === "growth" || !leak.descriptor) {
        const faster = leak.growthPerMinute === undefined ? "" : `, ${rate(leak.growthPerMinute)}`;
        const title = [who, " has ", strong(`${count(leak.count)} of kind ${leak.kind}`), faster];
        return { kind: "now", age: true, title, details: [since] };
    }
    const title = [who, " still has ", strong(`descriptor ${leak.descriptor.fd}`), " open"];
    return { kind: "now", age: true, title, details: [since] };
}
