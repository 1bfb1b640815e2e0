/* SPDX-License-Identifier: Apache-2.0 */
/* Asks the daemon every few seconds and has each part show what it answers. */

import { ApiError, get } from "./api.js";
import { byId, element, text } from "./dom.js";
import { Drawer } from "./drawer.js";
import { clock, count, duration, zone } from "./format.js";
import { History } from "./history.js";
import { Poller } from "./poller.js";
import { processKey, Processes } from "./processes.js";
import { siteKey, Sites } from "./sites.js";
import { Tiles, totals } from "./tiles.js";

const TYPING_MILLIS = 250;
const FASTEST = 25;

const history = new History();
const tiles = new Tiles();
const refresh = () => poller.now();
const sites = new Sites(history, refresh);
const processes = new Processes(history, refresh);
const drawer = new Drawer(history, refresh);
const poller = new Poller(work, show);

const filters = { search: byId("search"), rule: byId("rule"), confidence: byId("confidence") };
let startedAt = "";
let lastAnswer = null;

/* One round: a bounded number of bounded answers, all shown together. */
async function work(signal) {
    const search = filters.search.value.trim();
    const siteFilter = { search, rule: filters.rule.value, confidence: filters.confidence.value };
    const [status, siteList, processList, growing, nearest] = await Promise.all([
        get("status", {}, signal),
        get("sites", { ...sites.query, ...siteFilter }, signal),
        get("processes", { ...processes.query, search }, signal),
        get("processes", { sort: "growth", limit: FASTEST }, signal),
        get("processes", { sort: "ratio", limit: 1 }, signal),
        drawer.update(signal),
    ]);
    signal.throwIfAborted();
    remember(status, siteList.sites, processList.processes);
    offerRules(status.leaks.byRule);
    tiles.update(
        status,
        growing.processes.filter((process) => process.growthPerMinute > 0),
        nearest.processes[0],
        history.of("leaks"),
    );
    const filtered = Object.values(siteFilter).some((value) => value !== "");
    const settled = [sites.update(siteList, filtered), processes.update(processList, search !== "")];
    about(status);
    lastAnswer = new Date();
    if (settled.includes(false)) {
        setTimeout(refresh);
    }
}

function remember(status, siteRows, processRows) {
    if (startedAt && startedAt !== status.startedAt) {
        // Another daemon, which counts anew.
        history.clear();
    }
    startedAt = status.startedAt;
    const at = Date.now() / 1000;
    history.add("leaks", at, totals(status).descriptors);
    siteRows.forEach((site) => history.add(siteKey(site), at, site.count));
    processRows.forEach((process) => history.add(processKey(process), at, process.open));
}

/* The rules that this daemon knows; it refuses others. */
function offerRules(byRule) {
    const rules = Object.keys(byRule);
    if (filters.rule.options.length === 1) {
        filters.rule.append(...rules.map((rule) => element("option", { value: rule }, rule)));
    }
}

function about(status) {
    const { processes: traced, descriptors } = status.tracked;
    const parts = [
        `Linux ${status.kernel}`,
        `${count(traced)} processes with ${count(descriptors)} descriptors`,
        `up ${duration(status.uptimeSeconds)}`,
    ];
    text(byId("node"), parts.join(" · "));
    text(byId("about"), `ghostfd ${status.version} (${status.revision}). Times are those of ${zone()}.`);
    const leaked = totals(status).descriptors;
    document.title = leaked > 0 ? `(${count(leaked)}) ghostfd` : "ghostfd";
}

/* After each attempt: is the daemon there, and is the page live. */
function show(now, error) {
    const live = byId("live");
    const failing = now.failures > 0;
    live.dataset.state = failing ? "failing" : now.paused ? "paused" : "live";
    const words = failing ? "No answer" : now.paused ? "Paused" : "Live";
    text(live, lastAnswer ? `${words}, ${clock(lastAnswer)}` : words);
    byId("pause").setAttribute("aria-pressed", String(now.paused));
    text(byId("pause"), now.paused ? "Resume" : "Pause");
    document.documentElement.classList.toggle("stale", failing);
    byId("banner").hidden = !failing;
    if (error) {
        text(byId("banner-text"), problem(error));
        countDown();
    } else if (!failing) {
        text(byId("banner-text"), "");
    }
}

function problem(error) {
    const since = lastAnswer ? ` Shown is what it said at ${clock(lastAnswer)}.` : "";
    if (error instanceof ApiError) {
        return error.status === 401 || error.status === 403
            ? "ghostfd asks who you are: reload the page to sign in."
            : `ghostfd refuses to answer: ${error.message}.${since}`;
    }
    return `ghostfd does not answer: it has stopped, or cannot be reached from here.${since}`;
}

function countDown() {
    const seconds = poller.secondsLeft;
    text(byId("banner-next"), seconds > 0 ? `Trying again in ${seconds} s.` : poller.paused ? "" : "Trying again.");
}

function newFilter() {
    sites.first();
    processes.first();
    refresh();
}

/* The drawer stands below the top, however high that is now. */
new ResizeObserver(([top]) => {
    document.documentElement.style.setProperty("--top", `${top.borderBoxSize[0].blockSize}px`);
}).observe(byId("top"));

let typing = 0;
filters.search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(newFilter, TYPING_MILLIS);
});
filters.rule.addEventListener("change", newFilter);
filters.confidence.addEventListener("change", newFilter);
byId("filters").addEventListener("submit", (event) => {
    event.preventDefault();
    newFilter();
});
byId("pause").addEventListener("click", () => (poller.paused = !poller.paused));
byId("retry").addEventListener("click", refresh);
setInterval(() => poller.failures > 0 && countDown(), 1000);

refresh();
