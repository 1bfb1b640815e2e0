/* SPDX-License-Identifier: Apache-2.0 */
/* Elements, and lists of them that change in place: what is focused or selected in them stays so. */

/*
 * attributes: class, href and so on; functions become listeners of the event they are named after; false and undefined
 * are left out. Children may be lists.
 */
export function element(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === "function") {
            node.addEventListener(name, value);
        } else if (value !== undefined && value !== false) {
            node.setAttribute(name, value === true ? "" : value);
        }
    }
    node.append(...children.flat(2).filter((child) => child !== undefined && child !== ""));
    return node;
}

export const byId = (id) => document.getElementById(id);

/* Writes only what differs, so that a selection survives. */
export function text(node, value) {
    if (node.textContent !== value) {
        node.textContent = value;
    }
}

export function attribute(node, name, value) {
    if (value === undefined || value === "") {
        node.removeAttribute(name);
    } else if (node.getAttribute(name) !== value) {
        node.setAttribute(name, value);
    }
}

/* The children of a parent, one for each item; each is made once by its key and updated from then on. */
export class KeyedList {
    #parent;
    #create;
    #rows = new Map();

    /* create(item) returns { node, update(item), destroy?() }. */
    constructor(parent, create) {
        this.#parent = parent;
        this.#create = create;
    }

    update(items, keyOf) {
        const keys = new Set(items.map(keyOf));
        // Before anything is put in place: a row that moves loses the focus.
        for (const [key, row] of this.#rows) {
            if (!keys.has(key)) {
                row.destroy?.();
                row.node.remove();
                this.#rows.delete(key);
            }
        }
        let place = this.#parent.firstElementChild;
        for (const item of items) {
            const key = keyOf(item);
            const row = this.#rows.get(key) ?? this.#create(item);
            this.#rows.set(key, row);
            row.update(item);
            if (row.node === place) {
                place = place.nextElementSibling;
            } else {
                this.#parent.insertBefore(row.node, place);
            }
        }
    }
}
