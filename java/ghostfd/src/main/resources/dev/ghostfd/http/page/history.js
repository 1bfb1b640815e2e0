/* SPDX-License-Identifier: Apache-2.0 */
/* What has been seen of some figures while the page was open. Bounded in points and in figures, oldest out first. */

const POINTS = 120;
const FIGURES = 400;
/* One round of questions may tell the same figure twice. */
const SAME_SECONDS = 1;

export class History {
    #figures = new Map();

    /* at: seconds since the epoch, growing. */
    add(key, at, value) {
        const points = this.#figures.get(key) ?? { times: [], values: [] };
        // Taken out and put back: what has not been seen for longest stands first.
        this.#figures.delete(key);
        this.#figures.set(key, points);
        if (at - points.times.at(-1) < SAME_SECONDS) {
            return;
        }
        points.times.push(at);
        points.values.push(value);
        if (points.times.length > POINTS) {
            points.times.shift();
            points.values.shift();
        }
        if (this.#figures.size > FIGURES) {
            this.#figures.delete(this.#figures.keys().next().value);
        }
    }

    of(key) {
        return this.#figures.get(key) ?? { times: [], values: [] };
    }

    clear() {
        this.#figures.clear();
    }
}
