/* SPDX-License-Identifier: Apache-2.0 */
/* The line of one figure over the last minutes: small in a table, or a chart with axes. */

import uPlot from "./uPlot.esm.js";
import { clock, count, duration } from "./format.js";

const SHORTEST_SECONDS = 60;
const sparks = new Set();

document.addEventListener("themechange", () => sparks.forEach((spark) => spark.redraw()));

export class Spark {
    #chart;
    #host;
    #what;

    /*
     * host: a block element, whose colour is the line's; what: names the figure to those who cannot see it; axes:
     * whether there is room for times and values.
     */
    constructor(host, what, width, height, axes = false) {
        this.#host = host;
        this.#what = what;
        host.setAttribute("role", "img");
        const colour = () => getComputedStyle(host).color;
        this.#chart = new uPlot(
            {
                width,
                height,
                pxAlign: 0,
                padding: [3, 3, 3, 3],
                cursor: { show: false },
                legend: { show: false },
                select: { show: false },
                axes: axes ? [timeAxis(host), valueAxis(host)] : [{ show: false }, { show: false }],
                scales: {
                    x: { time: axes, range: (_, first, last) => [Math.min(first, last - SHORTEST_SECONDS), last] },
                    // Room above, so that a line that stays the same is not taken for the edge.
                    y: { range: (_, __, most) => [0, Math.max(1, most * 1.2)] },
                },
                series: [{}, { stroke: colour, fill: () => faded(colour()), width: 1.5, points: { show: false } }],
            },
            [[], []],
            host,
        );
        sparks.add(this);
    }

    update({ times, values }) {
        if (times.length === 0) {
            return;
        }
        // A single point has no line: show where it stands.
        const single = times.length === 1;
        this.#chart.setData(single ? [[times[0] - 3, times[0]], [values[0], values[0]]] : [times, values]);
        const seen = times.at(-1) - times[0];
        this.#host.setAttribute(
            "aria-label",
            `${this.#what}: ${count(values[0])} ${duration(seen)} ago, ${count(values.at(-1))} now`,
        );
    }

    /* Colours are asked for while drawing: they may be others by now. */
    redraw() {
        this.#chart.redraw();
    }

    destroy() {
        sparks.delete(this);
        this.#chart.destroy();
    }
}

/* The text has the colour of what is around the chart. */
const axis = (host) => ({
    font: "11px sans-serif",
    stroke: () => getComputedStyle(host.parentElement).color,
    grid: { stroke: () => faded(getComputedStyle(host).color), width: 1 },
    ticks: { show: false },
});

const timeAxis = (host) => ({
    ...axis(host),
    size: 24,
    space: 100,
    values: (_, times) => times.map((time) => clock(new Date(time * 1000))),
});

const valueAxis = (host) => ({
    ...axis(host),
    size: 52,
    space: 28,
    incrs: [1, 2, 5].flatMap((step) => [0, 1, 2, 3, 4, 5].map((power) => step * 10 ** power)).sort((a, b) => a - b),
    values: (_, values) => values.map(count),
});

/* A computed colour, `rgb(47, 111, 176)`, that lets most of what is behind it through. */
const faded = (colour) => colour.replace(/^rgba?\(([^)]*)\)$/, "rgba($1, 0.14)");
