/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does the same work again and again: every few seconds while it succeeds, ever more rarely while it fails, and not at
 * all while the page is paused or not looked at.
 */

const INTERVAL_MILLIS = 3_000;
const LONGEST_MILLIS = 30_000;

export class Poller {
    #work;
    #onChange;
    #timer = 0;
    #running = null;
    #failures = 0;
    #nextAt = 0;
    #paused = false;

    /* work(signal) is async; onChange(poller, error) is told after each attempt, and when pausing begins or ends. */
    constructor(work, onChange) {
        this.#work = work;
        this.#onChange = onChange;
        document.addEventListener("visibilitychange", () => {
            if (document.hidden) {
                this.#stop();
            } else if (!this.#paused) {
                this.now();
            }
        });
    }

    get paused() {
        return this.#paused;
    }

    get failures() {
        return this.#failures;
    }

    /* Until the next attempt; 0 if there is none to come or one under way. */
    get secondsLeft() {
        return Math.max(0, Math.ceil((this.#nextAt - Date.now()) / 1000));
    }

    set paused(paused) {
        this.#paused = paused;
        if (paused) {
            this.#stop();
        } else {
            this.now();
        }
        this.#onChange(this);
    }

    /* At once, instead of what is under way: what is asked for may have changed. Works while paused, too. */
    async now() {
        this.#stop();
        const attempt = new AbortController();
        this.#running = attempt;
        try {
            await this.#work(attempt.signal);
            if (this.#running === attempt) {
                this.#done(null);
            }
        } catch (error) {
            if (this.#running === attempt) {
                this.#done(error);
            }
        }
    }

    #done(error) {
        this.#running = null;
        this.#failures = error ? this.#failures + 1 : 0;
        if (!this.#paused && !document.hidden) {
            const wait = Math.min(LONGEST_MILLIS, INTERVAL_MILLIS * 2 ** Math.max(0, this.#failures - 1));
            this.#nextAt = Date.now() + wait;
            this.#timer = setTimeout(() => this.now(), wait);
        }
        this.#onChange(this, error);
    }

    #stop() {
        clearTimeout(this.#timer);
        this.#nextAt = 0;
        this.#running?.abort();
        this.#running = null;
    }
}
