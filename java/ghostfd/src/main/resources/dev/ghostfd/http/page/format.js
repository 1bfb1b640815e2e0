/* SPDX-License-Identifier: Apache-2.0 */
/* Figures and names as people read them. */

const WHOLE = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 3 });
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/* Of Linux on x86 and ARM, by number. */
const SIGNALS = [
    "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
    "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
    "WINCH", "IO", "PWR", "SYS",
];

export const count = (number) => WHOLE.format(number);

export const plural = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;

export const rate = (perMinute) => `${perMinute > 0 ? "+" : ""}${SHORT.format(perMinute)}/min`;

/* Of a limit; never 100 % while anything is left. */
export function percent(ratio) {
    const parts = ratio * 100;
    if (parts > 0 && parts < 1) {
        return "<1 %";
    }
    return `${parts < 100 ? Math.min(99, Math.round(parts)) : Math.round(parts)} %`;
}

/* The two largest units of a time in seconds. */
export function duration(seconds) {
    if (seconds < 1) {
        return `${Math.round(seconds * 1000)} ms`;
    }
    const whole = Math.round(seconds);
    const parts = (larger, largerName, smaller, smallerName) => {
        const rest = Math.floor((whole % larger) / smaller);
        return `${Math.floor(whole / larger)} ${largerName}${rest ? ` ${rest} ${smallerName}` : ""}`;
    };
    if (whole < MINUTE) {
        return `${whole} s`;
    }
    if (whole < HOUR) {
        return parts(MINUTE, "min", 1, "s");
    }
    return whole < DAY ? parts(HOUR, "h", MINUTE, "min") : parts(DAY, "d", HOUR, "h");
}

/* The time of day where the reader is, with the date unless it is today's. */
export function clock(time, milliseconds = false) {
    const two = (number) => String(number).padStart(2, "0");
    const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} `;
    const rest = milliseconds ? `.${String(time.getMilliseconds()).padStart(3, "0")}` : "";
    const today = time.toDateString() === new Date().toDateString();
    return `${today ? "" : day}${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}${rest}`;
}

export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export const signal = (number) => (SIGNALS[number] ? `signal ${number} (SIG${SIGNALS[number]})` : `signal ${number}`);

/* `agent[4242]`, or what of it is known. */
export const named = (process) => `${process.comm ?? "a process"}${process.pid ? `[${process.pid}]` : ""}`;

/* Where a workload runs, the most telling first: `web, shop-1, prod`. */
export function place(container) {
    if (!container) {
        return "";
    }
    const names = [container.name ?? container.id?.slice(0, 12), container.pod, container.namespace];
    return names.filter(Boolean).join(", ");
}

/* One frame of a call site in two parts, function and place; either may be empty. */
export function frame(frame) {
    if (typeof frame === "string") {
        return { name: frame, where: "", runtime: false };
    }
    const line = frame.line ? `:${frame.line}` : "";
    const where = frame.file ? `${frame.file}${line}` : (frame.module ?? "");
    return { name: frame.function ?? frame.address ?? "", where, runtime: frame.runtime ?? false };
}

/* The frames of a call site, innermost first; none if it is not known. */
export const frames = (callSite) => (callSite ? [callSite].flat().map(frame) : []);

/* The last part of a path with its line, `job.go:42`. */
export const base = (path) => path.slice(path.lastIndexOf("/") + 1);
