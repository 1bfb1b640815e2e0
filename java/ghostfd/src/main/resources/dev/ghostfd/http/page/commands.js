/* SPDX-License-Identifier: Apache-2.0 */
/* Commands for a terminal on the node, to be copied. */

import { byId, element, text } from "./dom.js";

const SAID_MILLIS = 2_000;

/* One command with what it does and a button that copies it. */
export function command(purpose, line) {
    const code = element("code", {}, line);
    const button = element("button", { type: "button", "aria-label": `Copy: ${line}` }, "Copy");
    button.addEventListener("click", async () => {
        const copied = await copy(line, code);
        text(button, copied ? "Copied" : "Selected");
        text(byId("announcement"), copied ? "Copied." : "Selected, to be copied by hand.");
        setTimeout(() => text(button, "Copy"), SAID_MILLIS);
    });
    return element("div", { class: "command" }, element("p", {}, purpose), code, button);
}

/* The clipboard is given only over TLS or on localhost; elsewhere the line is selected and copied as a user would. */
async function copy(line, node) {
    try {
        await navigator.clipboard.writeText(line);
        return true;
    } catch {
        getSelection().selectAllChildren(node);
        return document.execCommand("copy");
    }
}

/* What helps until the code is changed. */
export function relieve({ pid, softLimit, hardLimit }) {
    if (softLimit !== undefined && softLimit === hardLimit) {
        const words = "Its soft limit is its hard limit already: only a restart or a higher hard limit gives time.";
        return element("p", { class: "hint" }, words);
    }
    return command("Raises its soft limit to the hard limit. Closes nothing.", `sudo ghostfd relieve --pid=${pid}`);
}

export function checkByHand(leak) {
    const { pid } = leak.process;
    if (leak.rule === "unreaped-child") {
        return [command("Its children; Z is a zombie.", `ps -o pid,ppid,stat,etime,comm --ppid ${pid}`)];
    }
    if (leak.descriptor?.fd === undefined) {
        return [command("All that it has open.", `sudo ls -l /proc/${pid}/fd`)];
    }
    const checks = [command("The descriptor is still there.", `sudo ls -l /proc/${pid}/fd/${leak.descriptor.fd}`)];
    if ((leak.kind === "pipe" || leak.kind === "socket") && leak.descriptor.inode) {
        const target = `${leak.kind}:\\[${leak.descriptor.inode}\\]`;
        checks.push(command("Who else holds it.", `sudo find /proc/[0-9]*/fd -lname '${target}' 2>/dev/null`));
    }
    return checks;
}
