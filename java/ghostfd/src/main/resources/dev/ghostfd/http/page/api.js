/* SPDX-License-Identifier: Apache-2.0 */
/* The daemon's JSON, asked for relative to the page, so that a proxy may put both below a path of its own. */

const TIMEOUT_MILLIS = 10_000;

/* The daemon answered, but not with what was asked for. */
export class ApiError extends Error {
    constructor(status, message) {
        super(message);
        this.status = status;
    }
}

/* One document; empty parameters are left out. Fails with ApiError, or with another error if nobody answers. */
export async function get(path, parameters = {}, signal) {
    const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
    const query = new URLSearchParams(given).toString();
    const signals = [AbortSignal.timeout(TIMEOUT_MILLIS), ...(signal ? [signal] : [])];
    const response = await fetch(`api/v1/${path}${query ? `?${query}` : ""}`, {
        signal: AbortSignal.any(signals),
        headers: { Accept: "application/json" },
    });
    if (!response.ok) {
        throw new ApiError(response.status, await problem(response));
    }
    return response.json();
}

async function problem(response) {
    try {
        return (await response.json()).error.message;
    } catch {
        return response.statusText;
    }
}
